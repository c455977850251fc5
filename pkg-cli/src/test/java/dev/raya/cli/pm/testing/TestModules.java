package dev.raya.cli.pm.testing;

import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import java.util.List;

/** Real modules for packages whose content does not matter. */
public final class TestModules {
  private TestModules() {}

  /** A module of a package that prints its name, and needs these grants. */
  public static byte[] bytes(String name, String version, List<String> needs) {
    return bytes(name, version, needs, List.of());
  }

  /** The same that exports functions without parameters. */
  public static byte[] bytes(
      String name, String version, List<String> needs, List<String> functions) {
    RbinBuilder builder =
        new RbinBuilder(
            new Meta(name, version, "", "test 1", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
    int bits = 0;
    for (String need : needs) {
      bits |= Capabilities.bit(need);
    }
    builder.requireGrants(bits);
    int module = builder.module("", true);
    FunctionBuilder main =
        builder.function(
            module,
            "main",
            builder.functionType(List.of(), PredefinedType.VOID),
            FunctionDef.ENTRY);
    main.constant(name).builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    for (String function : functions) {
      FunctionBuilder body =
          builder.function(
              module,
              function,
              builder.functionType(List.of(), PredefinedType.VOID),
              FunctionDef.EXPORTED);
      body.emit(Opcode.RETURN_VOID);
      builder.export(module, function, ExportKind.FUNCTION, body.handle());
    }
    try {
      return RbinWriter.write(builder.build());
    } catch (RbinException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

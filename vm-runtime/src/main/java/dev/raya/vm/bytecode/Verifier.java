package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether a module that was read is a valid program ({@code rbin.md} 5): its tables, then
 * the code of every function, then the canonical numbering of types. It looks at no other module;
 * {@link LinkCheck} compares imports with what is imported.
 */
public final class Verifier {
  private Verifier() {}

  /**
   * Verifies a module.
   *
   * @throws RbinException with the first fault
   */
  public static VerifiedModule verify(RbinModule module) throws RbinException {
    checkTables(module);
    TypeSpace types = new TypeSpace(module);
    ModuleSymbols symbols = new ModuleSymbols(module, types);
    Assignability assignability = new Assignability(symbols);
    new ClassRules(symbols, assignability).check();
    new ExportRules(symbols, assignability).check();
    BuiltinTyping builtins = new BuiltinTyping(symbols);
    for (int i = 0; i < module.functions().size(); i++) {
      CodeChecker.check(symbols, assignability, builtins, i, null);
    }
    requireCanonicalTypes(module);
    requireGrants(module);
    return new VerifiedModule(symbols, assignability, builtins);
  }

  /** Reads and verifies bytes. */
  public static VerifiedModule verify(byte[] bytes) throws RbinException {
    return verify(RbinReader.read(bytes));
  }

  /** The rules that need no resolved symbols: afterwards every index in a table is good. */
  static void checkTables(RbinModule module) throws RbinException {
    new TypeRules(module).check();
    new TableRules(module).check();
  }

  /** Stored types must be numbered as the walk meets them, so all are used. */
  private static void requireCanonicalTypes(RbinModule module) throws RbinException {
    int count = PredefinedType.FIRST_STORED + module.types().size();
    int[] numbers = new int[count];
    List<Integer> met = new ArrayList<>();
    for (FunctionDef function : module.functions()) {
      walk(module, function.type(), numbers, met);
      walkAll(module, function.localTypes(), numbers, met);
      walkAll(module, function.captureTypes(), numbers, met);
      for (StackMap map : function.stackMaps()) {
        for (int type : map.types()) {
          walk(module, type & ~StackMap.UNFILLED, numbers, met);
        }
      }
      walkCode(module, function.code(), numbers, met);
    }
    for (RbinModule.ClassDef definition : module.classes()) {
      for (RbinModule.FieldDef field : definition.fields()) {
        walk(module, field.type(), numbers, met);
      }
      walkAll(module, definition.interfaces(), numbers, met);
      walkAll(module, definition.typeArguments(), numbers, met);
    }
    for (RbinModule.GlobalDef global : module.globals()) {
      walk(module, global.type(), numbers, met);
    }
    for (RbinModule.ModuleDef definition : module.modules()) {
      for (RbinModule.Export export : definition.exports()) {
        walk(module, export.type(), numbers, met);
      }
    }
    for (RbinModule.Import imported : module.imports()) {
      for (RbinModule.ImportMember member : imported.members()) {
        walk(module, member.type(), numbers, met);
      }
    }
    for (RbinModule.NativeImport imported : module.natives()) {
      for (RbinModule.NativeMember member : imported.members()) {
        walk(module, member.type(), numbers, met);
      }
    }
    for (int type = PredefinedType.FIRST_STORED; type < count; type++) {
      if (numbers[type] != type) {
        throw new RbinException(
            RbinErrorKind.NON_CANONICAL,
            "TYPE",
            -1,
            -1,
            "type " + type + (numbers[type] == 0 ? " is not used" : " is out of order"));
      }
    }
  }

  /** META's grants must cover the built-ins in the code. */
  private static void requireGrants(RbinModule module) throws RbinException {
    int needed = 0;
    for (FunctionDef function : module.functions()) {
      InstructionCursor cursor = new InstructionCursor(function.code());
      while (cursor.next()) {
        if (cursor.opcode() == Opcode.CALL_BUILTIN) {
          Builtin builtin = Builtins.of(function.code().u16(cursor.offset() + 1));
          needed |= builtin == null ? 0 : builtin.grants();
        }
      }
    }
    int missing = needed & ~module.meta().grants();
    if (missing != 0) {
      throw new RbinException(
          RbinErrorKind.NON_CANONICAL,
          "META",
          -1,
          -1,
          "the code needs " + Capabilities.names(missing) + ", which grants leaves out");
    }
  }

  private static void walk(RbinModule module, int root, int[] numbers, List<Integer> met) {
    TypeOrder.walk(root, module::type, numbers, met);
  }

  private static void walkAll(
      RbinModule module, List<Integer> roots, int[] numbers, List<Integer> met) {
    for (int root : roots) {
      walk(module, root, numbers, met);
    }
  }

  private static void walkCode(RbinModule module, Code code, int[] numbers, List<Integer> met) {
    InstructionCursor cursor = new InstructionCursor(code);
    while (cursor.next()) {
      if (!cursor.opcode().has(Operand.TYPE)) {
        continue;
      }
      int at = cursor.offset() + 1;
      for (Operand operand : cursor.opcode().operands()) {
        if (operand == Operand.TYPE) {
          walk(module, code.i32(at), numbers, met);
        }
        at += Math.max(0, operand.width());
      }
    }
  }
}

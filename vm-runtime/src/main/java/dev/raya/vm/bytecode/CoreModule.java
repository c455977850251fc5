package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RType.InterfaceType;
import dev.raya.vm.bytecode.RType.Property;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * The module {@code raya:core}: Error and the error classes of {@code stdlib.md} 2.3, as an
 * ordinary module. Compiler and VM take it from here, so that a trap and a {@code throw} make
 * objects of the same class. Maps and sets are instances of its templates without code ({@code
 * docs/decisions/0010-types-of-builtins.md}).
 */
public final class CoreModule {
  /** The interface type of the second argument of an error's constructor. */
  public static final String ERROR_OPTIONS = "ErrorOptions";

  private record ErrorClass(String name, List<FieldDef> extras) {}

  private final RbinBuilder builder;
  private final int module;
  private final int error;
  private final int constructorType;
  private final int textType;

  private CoreModule() {
    builder =
        new RbinBuilder(
            new Meta(
                ModuleSymbols.CORE,
                "",
                "",
                "raya-vm",
                1,
                0,
                0,
                Sha256.ZERO,
                Sha256.ZERO,
                Sha256.ZERO));
    module = builder.module("", true);
    error = builder.declareClass();
    int cause = builder.nullable(PredefinedType.ERROR);
    int options =
        builder.type(
            new InterfaceType(
                ERROR_OPTIONS,
                List.of(new Property("cause", cause, Property.OPTIONAL)),
                List.of()));
    builder.export(module, ERROR_OPTIONS, ExportKind.TYPE, options);
    constructorType =
        builder.type(
            new RType.FunctionType(
                List.of(builder.nullable(PredefinedType.STRING), builder.nullable(options)),
                PredefinedType.VOID,
                2,
                false));
    textType = builder.functionType(List.of(), PredefinedType.STRING);
  }

  /** The module, built anew; its bytes are the same every time. */
  public static RbinModule build() {
    try {
      return new CoreModule().assemble();
    } catch (RbinException e) {
      throw new IllegalStateException("raya:core does not verify", e);
    }
  }

  private RbinModule assemble() throws RbinException {
    FunctionBuilder constructor = errorConstructor();
    FunctionBuilder toText =
        builder.function(module, "Error#toString", textType, FunctionDef.METHOD, error, -1);
    toText.loadLocal(0).builtin("error.toString", 1).emit(Opcode.RETURN);
    List<FieldDef> fields =
        List.of(
            text("message", 0),
            text("name", 0),
            new FieldDef("cause", builder.nullable(PredefinedType.ERROR), FieldDef.READ_ONLY),
            text("stack", FieldDef.READ_ONLY));
    define(error, "Error", ClassRef.NONE, fields, constructor, toText);
    builder.export(module, "Error#toString", ExportKind.FUNCTION, toText.handle());
    for (ErrorClass derived : derived()) {
      int handle = builder.declareClass();
      FunctionBuilder derivedConstructor =
          builder.function(
              module,
              derived.name() + "#constructor",
              constructorType,
              FunctionDef.CONSTRUCTOR,
              handle,
              -1);
      derivedConstructor.loadLocal(0).loadLocal(1).loadLocal(2);
      derivedConstructor.emit(Opcode.CALL_SUPER, constructor.handle(), 2);
      derivedConstructor.emit(Opcode.RETURN_VOID);
      define(handle, derived.name(), error, derived.extras(), derivedConstructor, toText);
    }
    return builder.build();
  }

  private static FieldDef text(String name, int flags) {
    return new FieldDef(name, PredefinedType.STRING, flags);
  }

  private List<ErrorClass> derived() {
    List<ErrorClass> list = new ArrayList<>();
    for (String name :
        List.of(
            "TypeError",
            "RangeError",
            "ReferenceError",
            "MutexError",
            "ChannelClosedError",
            "ConcurrencyError",
            "CancelledError",
            "DeadlockError")) {
      list.add(new ErrorClass(name, List.of()));
    }
    list.add(
        new ErrorClass("SyntaxError", List.of(new FieldDef("position", PredefinedType.INT, 0))));
    list.add(new ErrorClass("TimeoutError", List.of(new FieldDef("ms", PredefinedType.NUMBER, 0))));
    list.add(new ErrorClass("CapabilityError", List.of(text("capability", 0))));
    int path = builder.nullable(PredefinedType.STRING);
    list.add(new ErrorClass("IOError", List.of(text("code", 0), new FieldDef("path", path, 0))));
    list.add(new ErrorClass("VmError", List.of(text("kind", 0))));
    return list;
  }

  /** Sets message and cause, then lets the VM fill in name and stack. */
  private FunctionBuilder errorConstructor() {
    FunctionBuilder constructor =
        builder.function(
            module, "Error#constructor", constructorType, FunctionDef.CONSTRUCTOR, error, -1);
    Label noMessage = constructor.newLabel();
    constructor.loadLocal(1).jump(Opcode.JMP_IF_NULL, noMessage);
    constructor.loadLocal(0).loadLocal(1).emit(Opcode.NON_NULL).storeField(0);
    constructor.bind(noMessage);
    constructor.loadLocal(0).loadLocal(2).named(Opcode.OPTIONAL_FIELD_NAMED, "cause");
    constructor.storeField(2);
    constructor.loadLocal(0).builtin("error.capture", 1).emit(Opcode.RETURN_VOID);
    return constructor;
  }

  private void define(
      int handle,
      String name,
      int parent,
      List<FieldDef> fields,
      FunctionBuilder constructor,
      FunctionBuilder toText) {
    builder.defineClass(
        handle,
        new ClassDef(
            name,
            parent,
            ClassDef.EXPORTED | ClassDef.ERROR,
            fields,
            constructor.handle(),
            List.of(new Slot("toString", toText.handle())),
            List.of(),
            List.of(),
            0,
            0,
            0));
    builder.export(module, name, ExportKind.CLASS, handle);
    builder.export(module, name + "#constructor", ExportKind.FUNCTION, constructor.handle());
  }
}

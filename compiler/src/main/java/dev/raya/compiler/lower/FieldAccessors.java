package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage.IrExport;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.types.Access;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Fields of instances. Private ones of another file are hidden from code ({@code rbin.md} 5.3), yet
 * generic methods of their class are compiled by importers, who have access to them (3.12): a class
 * that is not generic and has generic methods exports functions that read and assign them, named
 * {@code C.private x} and {@code C.private x=}.
 */
final class FieldAccessors {
  private final PackageTables tables;
  private final ClassLowering classes;
  private final ExternalNames externals;
  private final IntSupplier module;

  FieldAccessors(
      PackageTables tables, ClassLowering classes, ExternalNames externals, IntSupplier module) {
    this.tables = tables;
    this.classes = classes;
    this.externals = externals;
    this.module = module;
  }

  private static boolean isHidden(FieldSymbol field) {
    return field.owner().imported() && field.access() == Access.PRIVATE;
  }

  private static String name(String owner, FieldSymbol field) {
    return owner + ".private " + field.name();
  }

  /**
   * Reads a field of the instance on the stack.
   *
   * @param type the field's type
   * @return the type the value has on the stack: results of functions are not of literal types
   */
  IrType read(CodeDraft code, FieldSymbol field, IrType type) {
    if (isHidden(field)) {
      code.add(
          new Instruction.Call(Opcode.CALL, imported(field, name(field.owner().name(), field)), 1));
      return type.base();
    }
    code.add(new Instruction.Field(Opcode.LOAD_FIELD, classes.fieldNumber(field)));
    return type;
  }

  /** Assigns the value on the stack to a field of the instance below it. */
  void assign(CodeDraft code, FieldSymbol field) {
    if (isHidden(field)) {
      String setter = LibraryNames.setter(name(field.owner().name(), field));
      code.add(new Instruction.Call(Opcode.CALL, imported(field, setter), 2));
    } else {
      code.add(new Instruction.Field(Opcode.STORE_FIELD, classes.fieldNumber(field)));
    }
  }

  private int imported(FieldSymbol field, String name) {
    return tables.importFunction(externals.module(field.owner().module()), name);
  }

  /** Adds what importers call for the private fields of a class exported under a name. */
  void export(List<IrExport> exports, String exported, ClassSymbol c) {
    IrType owner = new IrType.ClassType(classes.number(c, List.of()));
    for (FieldSymbol field : c.fields()) {
      if (field.access() == Access.PRIVATE) {
        IrType type = classes.types().property(field.type(), Environment.EMPTY);
        String read = name(exported, field);
        exports.add(new IrExport.OfFunction(read, getter(read, owner, field, type), false));
        if (!field.readonly()) {
          String assign = LibraryNames.setter(read);
          exports.add(new IrExport.OfFunction(assign, setter(assign, owner, field, type), false));
        }
      }
    }
  }

  private int getter(String name, IrType owner, FieldSymbol field, IrType type) {
    return tables.function(
        link("getter ", owner, field),
        _ -> {
          CodeDraft code = new CodeDraft();
          code.load(code.local(owner, "instance"));
          code.add(new Instruction.Field(Opcode.LOAD_FIELD, classes.fieldNumber(field)));
          code.leave(Opcode.RETURN);
          return made(name, new IrType.Function(List.of(owner), type.base()), code);
        });
  }

  private int setter(String name, IrType owner, FieldSymbol field, IrType type) {
    return tables.function(
        link("setter ", owner, field),
        _ -> {
          CodeDraft code = new CodeDraft();
          int instance = code.local(owner, "instance");
          int value = code.local(type, "value");
          code.load(instance);
          code.load(value);
          code.add(new Instruction.Field(Opcode.STORE_FIELD, classes.fieldNumber(field)));
          code.leave(Opcode.RETURN_VOID);
          return made(name, new IrType.Function(List.of(owner, type), Basic.VOID), code);
        });
  }

  private LinkName link(String what, IrType owner, FieldSymbol field) {
    return new LinkName(what + tables.linkOf(owner).text() + "." + field.name());
  }

  private IrFunction made(String name, IrType.Function type, CodeDraft code) {
    return new IrFunction.Local(
        name,
        type,
        module.getAsInt(),
        Set.of(),
        -1,
        -1,
        code.locals(),
        List.of(),
        code.blocks(),
        code.regions(),
        code.variables());
  }
}

package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Expr;
import dev.raya.vm.bytecode.Opcode;

/** The display form of values (language.md 7.3), by static type. */
final class DisplayLowering {
  private final FunctionLowering f;
  private final CodeDraft code;

  DisplayLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  /** Pushes the display form of a value. */
  IrType display(Expr expr) {
    return convert(f.expressions().value(expr));
  }

  /** Turns the value on the stack into its display form. */
  IrType convert(IrType type) {
    if (type == Basic.NEVER || type.base() == Basic.STRING) {
      return type.base();
    }
    if (isText(type)) {
      code.plain(Opcode.TO_STRING);
    } else {
      code.typed(Opcode.WIDEN, Basic.ANY);
      if (f.lowering().mayHaveToString(type)) {
        code.add(
            new dev.raya.compiler.ir.Instruction.Call(
                Opcode.CALL, f.lowering().displayFunction(), 1));
      } else {
        code.builtin("display.value", 1);
      }
    }
    return Basic.STRING;
  }

  /** Whether the display form needs no look into an object. */
  static boolean isText(IrType type) {
    for (IrType member : Unions.members(type)) {
      switch (member.base()) {
        case Basic.INT, Basic.NUMBER, Basic.BOOL, Basic.NULL, Basic.STRING, Basic.JSON -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a value of the type can be, or contain, an object with a toString of its own. */
  static boolean mayHaveToString(PackageTables tables, IrType type) {
    return switch (type) {
      case Basic basic -> basic == Basic.ANY || basic == Basic.ERROR || basic == Basic.MUTEX;
      case IrType.Array array -> mayHaveToString(tables, array.element());
      case IrType.Tuple tuple ->
          tuple.elements().stream().anyMatch(e -> mayHaveToString(tables, e));
      case IrType.Union union -> union.members().stream().anyMatch(m -> mayHaveToString(tables, m));
      case IrType.ClassType c ->
          !(tables.classAt(c.number()) instanceof IrClass.Collection collection)
              || collection.isExtensible();
      case IrType.Shape _, IrType.Channel _ -> true;
      case IrType.Function _, IrType.Task _, IrType.Cell _ -> false;
      case IrType.StringLiteral _, IrType.IntLiteral _, IrType.BoolLiteral _ -> false;
    };
  }
}

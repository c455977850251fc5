package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.tree.Conversion;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls of {@code Math} and conversions of numbers, on ints where both can be told. */
final class MathLowering {
  private final FunctionLowering f;
  private final CodeDraft code;

  MathLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  boolean isInt(Expr.Call e) {
    return f.type(e) == Basic.INT;
  }

  private static boolean isInt(Expr expr) {
    return expr instanceof Expr.Convert c
        && c.conversion() == Conversion.INT_TO_NUMBER
        && !(c.operand().type() instanceof Type.Variable);
  }

  IrType number(Expr expr) {
    f.expressions().to(expr, Basic.NUMBER);
    return Basic.NUMBER;
  }

  IrType number(Expr.Call e, Opcode opcode) {
    number(BuiltinLowering.argument(e, 0));
    return plain(opcode, Basic.NUMBER);
  }

  IrType ints(Expr.Call e, Opcode opcode) {
    f.expressions().to(BuiltinLowering.argument(e, 0), Basic.INT);
    f.expressions().to(BuiltinLowering.argument(e, 1), Basic.INT);
    return plain(opcode, Basic.INT);
  }

  /** The first argument as int if it is one, else as number: true if as int. */
  boolean intOrNumber(Expr.Call e) {
    Expr argument = BuiltinLowering.argument(e, 0);
    Expr value = isInt(argument) ? ((Expr.Convert) argument).operand() : argument;
    return f.expressions().value(value).base() == Basic.INT;
  }

  /** A whole number stays as it is; any other is rounded and checked. */
  IrType toInt(Expr.Call e, @Nullable Opcode rounding) {
    if (intOrNumber(e)) {
      return Basic.INT;
    }
    if (rounding != null) {
      code.plain(rounding);
    }
    return plain(Opcode.F2I, Basic.INT);
  }

  IrType call(String name, Expr.Call e) {
    List<Expr> arguments = BuiltinLowering.all(e);
    boolean ints = !arguments.isEmpty() && isInt(e) && BuiltinNames.BY_INT_TOO.contains(name);
    String row = BuiltinLowering.rowName(name) + (ints ? "Int" : "");
    IrType type = ints ? Basic.INT : Basic.NUMBER;
    if (name.equals("Math.min") || name.equals("Math.max")) {
      double none = name.equals("Math.min") ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      return folded(row, arguments, type, none);
    }
    if (name.equals("Math.hypot")) {
      // Of one value it is the distance from zero.
      code.add(new Instruction.NumberConstant(0));
      for (Expr argument : arguments) {
        f.expressions().to(argument, type);
        code.builtin(row, 2);
      }
      return type;
    }
    for (Expr argument : arguments) {
      f.expressions().to(argument, type);
    }
    if (name.equals("Math.abs") && !ints) {
      return plain(Opcode.FABS, type);
    }
    code.builtin(row, arguments.size());
    return type;
  }

  /** A function of two values applied from the left; {@code none} if there is no argument. */
  private IrType folded(String row, List<Expr> arguments, IrType type, double none) {
    if (arguments.isEmpty()) {
      code.add(new Instruction.NumberConstant(none));
      return Basic.NUMBER;
    }
    for (int i = 0; i < arguments.size(); i++) {
      f.expressions().to(arguments.get(i), type);
      if (i > 0) {
        code.builtin(row, 2);
      }
    }
    return type;
  }

  private IrType plain(Opcode opcode, IrType type) {
    code.plain(opcode);
    return type;
  }
}

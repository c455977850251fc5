package dev.raya.compiler.check;

import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Operator;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import org.jspecify.annotations.Nullable;

/**
 * The values of constant expressions (language.md 8.1): literals, constants of literal type, and
 * what arithmetic, bit operators and concatenation make of them.
 */
final class ConstantValues {
  private ConstantValues() {}

  /** The literal that an expression is worth; the expression itself if it is no constant one. */
  static Expr folded(Expr e) {
    if (Unions.isLiteral(e.type())) {
      return e;
    }
    return switch (of(e)) {
      case Integer i -> new Expr.Int(e.span(), i, new Type.IntLiteral(i));
      case Double d -> new Expr.Num(e.span(), d);
      case String s -> new Expr.Str(e.span(), s, new Type.StringLiteral(s));
      case Boolean b -> new Expr.Bool(e.span(), b, new Type.BooleanLiteral(b));
      case null, default -> e;
    };
  }

  /** An Integer, Double, String or Boolean, or null. */
  private static @Nullable Object of(Expr e) {
    return switch (e) {
      case Expr.Int i -> i.value();
      case Expr.Num n -> n.value();
      case Expr.Str s -> s.value();
      case Expr.Bool b -> b.value();
      case Expr.Read r -> literal(r.type());
      case Expr.Convert c -> converted(c);
      case Expr.Display d -> of(d.value()) instanceof Double ? null : text(of(d.value()));
      case Expr.Negate n -> negated(of(n.operand()));
      case Expr.Complement c -> of(c.operand()) instanceof Integer i ? (Object) ~i : null;
      case Expr.Not n -> of(n.operand()) instanceof Boolean b ? (Object) !b : null;
      case Expr.Binary b -> binary(b);
      default -> null;
    };
  }

  private static @Nullable Object literal(Type type) {
    return switch (type) {
      case Type.IntLiteral i -> i.value();
      case Type.StringLiteral s -> s.value();
      case Type.BooleanLiteral b -> b.value();
      default -> null;
    };
  }

  private static @Nullable Object converted(Expr.Convert c) {
    Object value = of(c.operand());
    return switch (c.conversion()) {
      case WIDEN -> value;
      case INT_TO_NUMBER -> value instanceof Integer i ? (Object) (double) i : null;
      default -> null;
    };
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static @Nullable Object negated(@Nullable Object value) {
    return switch (value) {
      case Integer i -> -i;
      case Double d -> -d;
      case null, default -> null;
    };
  }

  private static @Nullable Object binary(Expr.Binary b) {
    Object left = of(b.left());
    Object right = of(b.right());
    if (left instanceof Integer x && right instanceof Integer y) {
      return ints(b.operator(), b.type(), x, y);
    }
    if (left instanceof Double x && right instanceof Double y) {
      return numbers(b.operator(), x, y);
    }
    return left instanceof String x && right instanceof String y && b.operator() == Operator.ADD
        ? x + y
        : null;
  }

  private static @Nullable Object ints(Operator operator, Type type, int a, int b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> b == 0 ? null : (Object) (a / b);
      case REMAINDER -> b == 0 ? null : (Object) (a % b);
      case BIT_AND -> a & b;
      case BIT_OR -> a | b;
      case BIT_XOR -> a ^ b;
      case SHIFT_LEFT -> a << b;
      case SHIFT_RIGHT -> a >> b;
      case SHIFT_RIGHT_UNSIGNED ->
          type == Type.Primitive.NUMBER
              ? (Object) (double) Integer.toUnsignedLong(a >>> b)
              : (Object) (a >>> b);
      default -> null;
    };
  }

  private static @Nullable Object numbers(Operator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case REMAINDER -> a % b;
      default -> null;
    };
  }
}

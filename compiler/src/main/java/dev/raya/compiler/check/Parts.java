package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Members;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of the checker for literals among the arguments of generic calls that hold functions
 * whose parameters need types from outside: their parts are candidates one by one, functions last
 * (language.md 4.4).
 */
abstract sealed class Parts extends ArgumentPassing permits TypeArguments {
  /** A function in a literal, with what the call's signature says of its place. */
  record Part(Type parameter, Expression value) {}

  Parts(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  /**
   * Learns from the type of an argument, or of a part of one. A fresh integer literal is a number
   * in an inferred type argument (language.md 4.2).
   */
  final void learn(Inference inference, Type parameter, Expression e, Type type) {
    boolean fresh =
        parameter instanceof Type.Variable v
            && isFreshInteger(e)
            && !inference.isBounded(v.symbol());
    if (fresh && inference.isExact(((Type.Variable) parameter).symbol())) {
      // A Channel<int> and an int[] say what they are; the literal fits.
      return;
    }
    inference.learn(parameter, fresh ? Type.Primitive.NUMBER : type);
    if (!isLiteralSyntax(e)) {
      inference.holdExactly(parameter);
    }
  }

  /** Whether a literal holds a function with a parameter that has no type by itself. */
  static boolean holdsOpenFunction(Expression e) {
    return switch (strip(e)) {
      case Expression.ObjectLiteral o ->
          o.properties().stream()
              .anyMatch(
                  p -> p instanceof Expression.ValueProperty v && isOrHoldsOpenFunction(v.value()));
      case Expression.ArrayLiteral a ->
          a.elements().stream().anyMatch(x -> !x.spread() && isOrHoldsOpenFunction(x.value()));
      default -> false;
    };
  }

  private static boolean isOrHoldsOpenFunction(Expression e) {
    return strip(e) instanceof Expression.Function f
        ? f.function().parameters().stream().anyMatch(Parts::isOpen)
        : holdsOpenFunction(e);
  }

  private static boolean isOpen(FunctionSyntax.Parameter p) {
    return p.annotation() == null && p.defaultValue() == null;
  }

  /** Learns from the parts of a literal; its functions are left for later. */
  final void learnParts(
      Inference inference, Type parameter, Expression literal, List<Part> functions) {
    switch (strip(literal)) {
      case Expression.ObjectLiteral o -> {
        for (Expression.Property p : o.properties()) {
          switch (p) {
            case Expression.ValueProperty v -> {
              Type wanted = propertyType(parameter, v.name().text());
              if (wanted != null) {
                shorthand = isShorthand(v) ? v.name() : null;
                part(inference, wanted, v.value(), functions);
              }
            }
            case Expression.SpreadProperty s ->
                inference.learn(parameter, value(s.value(), null).type());
            case Expression.MethodProperty _ -> {}
          }
        }
      }
      case Expression.ArrayLiteral a -> {
        for (int i = 0; i < a.elements().size(); i++) {
          Expression.Element e = a.elements().get(i);
          Type wanted = elementType(parameter, i);
          if (e.spread()) {
            inference.learn(parameter, value(e.value(), null).type());
          } else if (wanted != null) {
            part(inference, wanted, e.value(), functions);
          }
        }
      }
      default -> throw new IllegalStateException("not a literal: " + literal.getClass());
    }
  }

  private void part(Inference inference, Type wanted, Expression e, List<Part> functions) {
    if (strip(e) instanceof Expression.Function) {
      functions.add(new Part(wanted, e));
    } else if (holdsOpenFunction(e)) {
      learnParts(inference, wanted, e, functions);
    } else {
      learnFrom(inference, new Part(wanted, e));
    }
  }

  /** Learns from a part, which is told what is known so far. */
  final void learnFrom(Inference inference, Part part) {
    Expr tree = value(part.value(), Inference.hint(inference.soFar().apply(part.parameter())));
    if (!isInvalid(tree.type())) {
      learn(inference, part.parameter(), part.value(), tree.type());
    }
  }

  private static @Nullable Type propertyType(Type parameter, String name) {
    for (Type m : Unions.members(parameter)) {
      Members.Member member = m instanceof Type.Structure ? Members.find(m, name) : null;
      if (member != null) {
        return member.type();
      }
    }
    return null;
  }

  private static @Nullable Type elementType(Type parameter, int index) {
    for (Type m : Unions.members(parameter)) {
      switch (m) {
        case Type.Array a -> {
          return a.element();
        }
        case Type.Tuple t when index < t.elements().size() -> {
          return t.elements().get(index);
        }
        default -> {}
      }
    }
    return null;
  }
}

package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.types.Relations;
import dev.raya.compiler.types.Type;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions came to while a generic call around them looks for its type arguments, which
 * checks arguments with what it knows so far and once more with what it found (language.md 4.4).
 * Each level of nested calls and literals does so; since few types are expected of an expression,
 * remembering what came of each keeps the whole linear in its depth. Belongs to one body, whose
 * outermost call forgets everything.
 */
final class Trials {
  private record Attempt(
      @Nullable Type expected,
      boolean targetUnknown,
      Scope scope,
      Flow before,
      Expr tree,
      List<Diagnostic> reported,
      Flow after) {}

  /** What is known of an expression: its tree, what it reported, and the flow behind it. */
  record Outcome(Expr tree, List<Diagnostic> reported, Flow after) {}

  /** Most bodies have no generic call that makes one. */
  private Map<Expression, List<Attempt>> known = Map.of();

  private int open;

  void begin() {
    open++;
  }

  void end() {
    if (--open == 0) {
      known = Map.of();
    }
  }

  /** Whether type arguments are being inferred. */
  boolean running() {
    return open > 0;
  }

  /** Whether an expression may be checked again with the same type expected of it. */
  boolean mayRepeat(Expression e) {
    if (open == 0) {
      return false;
    }
    return switch (e) {
      case Expression.Call _,
          Expression.New _,
          Expression.ArrayLiteral _,
          Expression.ObjectLiteral _,
          Expression.Function _ ->
          true;
      default -> false;
    };
  }

  /** What an expression came to where the same was known and the same expected, or null. */
  @Nullable Outcome find(
      Expression e, @Nullable Type expected, boolean targetUnknown, Scope scope, Flow before) {
    for (Attempt a : known.getOrDefault(e, List.of())) {
      if (a.scope == scope
          && a.targetUnknown == targetUnknown
          && a.before == before
          && (a.expected == null
              ? expected == null
              : a.expected.equals(expected) || isSameFunction(e, a, expected))) {
        return new Outcome(a.tree, a.reported, a.after);
      }
    }
    return null;
  }

  /**
   * Whether a function expression that was checked would come to the same: it takes the same, and
   * what it gave is good for what is wanted.
   */
  private static boolean isSameFunction(Expression e, Attempt a, @Nullable Type expected) {
    if (!(e instanceof Expression.Function)
        || !(expected instanceof Type.Function wanted)
        || !(a.tree.type() instanceof Type.Function found)
        || !(a.expected instanceof Type.Function before)
        || !a.reported.isEmpty()
        || Inference.isPartly(wanted)
        || !Relations.isAssignable(found, wanted)) {
      return false;
    }
    for (int i = 0; i < found.parameters().size(); i++) {
      if (i >= wanted.parameters().size()
          || i >= before.parameters().size()
          || wanted.parameters().get(i).kind() != before.parameters().get(i).kind()
          || !Relations.same(found.parameters().get(i).type(), wanted.parameters().get(i).type())) {
        return false;
      }
    }
    return true;
  }

  void add(
      Expression e,
      @Nullable Type expected,
      boolean targetUnknown,
      Scope scope,
      Flow before,
      Expr tree,
      List<Diagnostic> reported,
      Flow after) {
    if (known.isEmpty()) {
      known = new IdentityHashMap<>();
    }
    known
        .computeIfAbsent(e, _ -> new ArrayList<>())
        .add(new Attempt(expected, targetUnknown, scope, before, tree, reported, after));
  }
}

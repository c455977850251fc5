package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of the checker for switch statements (language.md 8.1, 12.3). */
abstract sealed class Switches extends Statements permits Classes {
  /** What a switch decides on. */
  private record Subject(
      Expression syntax, VariableSymbol variable, Expr value, boolean isTypeof) {}

  /** A case on its way: its test, and the flow where it applies. */
  private record Tested(Statement.Case syntax, @Nullable Expr tree, Flow entry) {}

  Switches(ModuleSymbol module, Library library, Diagnostics diagnostics, Deferred deferred) {
    super(module, library, diagnostics, deferred);
  }

  @Override
  final Stmt switchStatement(Statement.Switch s, @Nullable String label) {
    Expression.Unary typeof = typeofOf(s.subject());
    Expr value = typeof == null ? bounded(value(s.subject(), null)) : typeofOperand(typeof);
    VariableSymbol variable = temporary(s.subject().span(), value.type());
    Expression syntax = strip(typeof == null ? s.subject() : typeof.operand());
    Subject subject = new Subject(syntax, variable, value, typeof != null);
    Scope inner = new Scope(scope);
    return inScope(
        inner,
        () -> {
          Stmt checked = switchIn(s, label, subject, inner);
          warnUnused(inner);
          return checked;
        });
  }

  private Stmt switchIn(Statement.Switch s, @Nullable String label, Subject subject, Scope inner) {
    List<Statement> all = new ArrayList<>();
    s.cases().forEach(c -> all.addAll(c.body()));
    declareAll(all, false, false);
    Set<Type> left = new LinkedHashSet<>(alternatives(subject));
    boolean closed = isClosed(subject, left);
    List<Tested> tested = testCases(s, subject, left);
    boolean hasDefault = s.cases().stream().anyMatch(c -> c.test() == null);
    Flow rest = flow;
    if (!hasDefault && closed && !isInvalid(subject.value().type())) {
      if (left.isEmpty()) {
        rest = rest.unreachable();
      } else {
        List<String> missing = left.stream().map(t -> label(subject, t)).toList();
        error(
            DiagnosticCode.E0403,
            new Span(s.span().file(), s.span().start(), s.subject().span().end()),
            "the switch does not cover "
                + String.join(", ", missing)
                + "; add the cases or a 'default'");
        // With them no way may lead past the switch that lacks a result or a value.
        context.damaged = true;
      }
    }
    FunctionContext.Target target = enter(label, false, true);
    List<Stmt.Case> cases = bodies(tested, inner, target, rest);
    flow = hasDefault ? flow : Flow.join(flow, rest);
    leave(target);
    return new Stmt.Switch(s.span(), subject.variable(), subject.value(), cases, target.label);
  }

  private static String label(Subject subject, Type t) {
    return subject.isTypeof() ? "\"" + kindOf(t) + "\"" : show(t);
  }

  private static List<Type> alternatives(Subject subject) {
    return subject.isTypeof()
        ? kindRepresentatives(subject.value().type())
        : Unions.cases(subject.value().type());
  }

  private static List<Type> kindRepresentatives(Type type) {
    List<Type> out = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Type m : Unions.members(type)) {
      if (!seen.contains(kindOf(m))) {
        seen.add(kindOf(m));
        out.add(m);
      }
    }
    return out;
  }

  /** Whether the subject has finitely many alternatives, which must be covered. */
  private static boolean isClosed(Subject subject, Set<Type> alternatives) {
    if (subject.isTypeof()) {
      return subject.value().type() != Type.Primitive.JSON;
    }
    return alternatives.stream().allMatch(t -> Unions.isLiteral(t) || t == Type.Primitive.NULL)
        && alternatives.size() > 1;
  }

  private List<Tested> testCases(Statement.Switch s, Subject subject, Set<Type> left) {
    List<Tested> tested = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (Statement.Case c : s.cases()) {
      if (c.test() == null) {
        tested.add(new Tested(c, null, flow));
      } else if (subject.isTypeof()) {
        tested.add(testKind(c, c.test(), subject, left, seen));
      } else {
        tested.add(testValue(c, c.test(), subject, left, seen));
      }
    }
    if (s.cases().stream().filter(c -> c.test() == null).count() > 1) {
      error(DiagnosticCode.E0406, s.span(), "a switch has at most one 'default'");
    }
    return tested;
  }

  private Tested testKind(
      Statement.Case c, Expression test, Subject subject, Set<Type> left, Set<Object> seen) {
    int errors = diagnostics.size();
    Expr tree = value(test, null);
    if (!(tree instanceof Expr.Str text)) {
      if (!isInvalid(tree.type())) {
        error(DiagnosticCode.E0407, test.span(), "'typeof' is compared with string constants only");
      }
      return new Tested(c, invalid(test.span()), flow);
    }
    Type type = subject.value().type();
    if (!isInvalid(type) && type != Type.Primitive.JSON) {
      checkKind(type, text.value(), test.span(), DiagnosticCode.E0407);
    }
    if (isRepeated(seen, text.value(), test) || diagnostics.hasErrorsFrom(errors)) {
      return new Tested(c, invalid(test.span()), flow);
    }
    left.removeIf(t -> kindOf(t).equals(text.value()));
    Flow before = flow;
    Flow entry = narrowKind(before, subject.syntax(), type, text.value(), true);
    flow = narrowKind(before, subject.syntax(), type, text.value(), false);
    Expr read = new Expr.Read(test.span(), subject.variable());
    return new Tested(c, new Expr.IsKind(test.span(), read, text.value()), entry);
  }

  private Tested testValue(
      Statement.Case c, Expression test, Subject subject, Set<Type> left, Set<Object> seen) {
    Type type = subject.value().type();
    Expr tree = ConstantValues.folded(value(test, type));
    if (isInvalid(tree.type()) || isInvalid(type)) {
      return new Tested(c, invalid(test.span()), flow);
    }
    if (!comparable(type, tree.type())) {
      error(
          DiagnosticCode.E0407,
          test.span(),
          "the subject of type '" + show(type) + "' is never '" + show(tree.type()) + "'");
      return new Tested(c, invalid(test.span()), flow);
    }
    Type literal = tree.type();
    boolean constant =
        Unions.isLiteral(literal) || literal == Type.Primitive.NULL || tree instanceof Expr.Num;
    if (!constant) {
      error(
          DiagnosticCode.E0407,
          test.span(),
          "a case must be a literal, a constant of literal type, or a constant expression of"
              + " these");
      return new Tested(c, invalid(test.span()), flow);
    }
    if (isRepeated(seen, compared(tree), test)) {
      return new Tested(c, invalid(test.span()), flow);
    }
    left.remove(literal);
    Flow before = flow;
    Flow entry = narrowEqual(before, subject.syntax(), typeNow(subject), literal, true);
    flow = narrowEqual(before, subject.syntax(), typeNow(subject), literal, false);
    Expr read = new Expr.Read(test.span(), subject.variable());
    Expr compared =
        tree.type() == Type.Primitive.NULL
            ? new Expr.IsNull(test.span(), read)
            : equal(test.span(), read, tree);
    return new Tested(c, compared, entry);
  }

  private Type typeNow(Subject subject) {
    Flow.Path path = path(subject.syntax());
    Type now = path == null ? null : flow.narrowed(path);
    return now == null ? subject.value().type() : now;
  }

  /** What a case is compared as: numbers by their value, of which there is one zero. */
  private static Object compared(Expr test) {
    return switch (test) {
      case Expr.Num n -> n.value() + 0.0;
      case Expr _ when test.type() instanceof Type.IntLiteral i -> (double) i.value();
      default -> test.type();
    };
  }

  private boolean isRepeated(Set<Object> seen, Object key, Expression test) {
    boolean repeated = !seen.add(key);
    if (repeated) {
      error(DiagnosticCode.E0406, test.span(), "this case was given before");
    }
    return repeated;
  }

  private List<Stmt.Case> bodies(
      List<Tested> tested, Scope inner, FunctionContext.Target target, Flow rest) {
    List<Stmt.Case> cases = new ArrayList<>();
    Flow afterTests = flow;
    Flow fallThrough = afterTests.unreachable();
    for (int i = 0; i < tested.size(); i++) {
      Tested t = tested.get(i);
      Flow entry = t.tree() == null ? afterTests : t.entry();
      if (fallThrough.reachable() && i > 0 && !tested.get(i - 1).syntax().body().isEmpty()) {
        error(
            DiagnosticCode.W0008, t.syntax().span(), "the case before falls through into this one");
      }
      flow = Flow.join(entry, fallThrough);
      List<Stmt> body = new ArrayList<>();
      // What a refused test leads to is not told to be unreachable besides.
      boolean refused = t.tree() != null && isInvalid(t.tree().type());
      for (Statement s : t.syntax().body()) {
        if (refused) {
          statement(s, null, body);
        } else {
          checked(s, body);
        }
      }
      fallThrough = flow;
      cases.add(new Stmt.Case(t.syntax().span(), t.tree(), constant(t.tree()), body));
    }
    flow = fallThrough;
    return cases;
  }

  private static @Nullable Object constant(@Nullable Expr test) {
    if (!(test instanceof Expr.Binary b)) {
      return null;
    }
    return switch (b.right()) {
      case Expr.Int i -> i.value();
      case Expr.Str s -> s.value();
      default -> null;
    };
  }
}

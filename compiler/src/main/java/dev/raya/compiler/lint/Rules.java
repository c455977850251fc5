package dev.raya.compiler.lint;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.BinaryOperator;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.syntax.UnaryOperator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All rules in one walk over a file. Used once. */
final class Rules extends SyntaxWalk {
  /** A name in its scope. */
  private static final class Variable {
    final Name name;
    final Binding binding;
    final Statement.@Nullable Variables owner;
    boolean written;

    Variable(Name name, Binding binding, Statement.@Nullable Variables owner) {
      this.name = name;
      this.binding = binding;
      this.owner = owner;
    }
  }

  /** A label whose statement is being looked at. */
  private static final class Label {
    final String text;
    boolean named;

    Label(String text) {
      this.text = text;
    }
  }

  private final SourceFile file;
  private final boolean suite;
  private final List<LintFinding> findings = new ArrayList<>();
  private final Deque<Map<String, Variable>> scopes = new ArrayDeque<>();

  /** Writes of names that were not declared yet: closures may assign what stands below them. */
  private final Map<String, Boolean> early = new HashMap<>();

  /** Those that are all of a branch, of a loop or of what a label stands before. */
  private final Set<Statement.Debugger> bodies = new HashSet<>();

  private final Deque<Label> labels = new ArrayDeque<>();
  private final Map<Statement.Variables, List<Variable>> lets = new LinkedHashMap<>();

  Rules(SourceFile file) {
    this.file = file;
    this.suite = file.name().endsWith(".test.raya");
  }

  List<LintFinding> findings() {
    lets.forEach(this::preferConst);
    return findings;
  }

  private void found(LintRule rule, Span span, String message, Diagnostic.Fix... fixes) {
    findings.add(new LintFinding(rule, span, message, List.of(fixes)));
  }

  private static Diagnostic.Fix fix(Span span, String text, String title) {
    return new Diagnostic.Fix(span, text, title);
  }

  // ---- names ----

  @Override
  void open(List<? extends Statement> statements) {
    scopes.push(new HashMap<>());
  }

  @Override
  void close() {
    scopes.pop();
  }

  @Override
  void declare(Name name, Binding binding, Statement.@Nullable Variables owner) {
    Variable variable = new Variable(name, binding, owner);
    Variable hidden = find(name.text());
    boolean own = scopes.element().containsKey(name.text());
    if (hidden != null && !own && binding != Binding.PARAMETER && !name.text().startsWith("_")) {
      found(
          LintRule.SHADOWED_NAME,
          name.span(),
          "'"
              + name.text()
              + "' hides the one declared on line "
              + file.line(hidden.name.span().start()));
    }
    scopes.element().put(name.text(), variable);
    if (binding == Binding.LET && owner != null) {
      variable.written = early.containsKey(name.text());
      lets.computeIfAbsent(owner, o -> new ArrayList<>()).add(variable);
    }
  }

  private @Nullable Variable find(String name) {
    for (Map<String, Variable> scope : scopes) {
      Variable variable = scope.get(name);
      if (variable != null) {
        return variable;
      }
    }
    return null;
  }

  @Override
  void read(Name name) {}

  @Override
  void write(Name name) {
    Variable variable = find(name.text());
    if (variable == null) {
      early.put(name.text(), true);
    } else {
      variable.written = true;
    }
  }

  /** A declaration is changed as a whole: all its variables have a value and keep it. */
  private void preferConst(Statement.Variables declaration, List<Variable> variables) {
    boolean initialised =
        declaration.bindings().stream().allMatch(binding -> binding.init() != null);
    if (initialised && variables.stream().noneMatch(variable -> variable.written)) {
      Span word =
          new Span(file, declaration.span().start(), declaration.span().start() + "let".length());
      boolean keeps = openNumber(declaration);
      String message = "never assigned again; 'const' says so";
      if (keeps) {
        found(LintRule.PREFER_CONST, word, message);
      } else {
        found(LintRule.PREFER_CONST, word, message, fix(word, "const", "write 'const'"));
      }
    }
  }

  /** A const of an integer literal has a literal's type, which may read differently. */
  private static boolean openNumber(Statement.Variables declaration) {
    return declaration.bindings().stream()
        .anyMatch(
            b ->
                b.annotation() == null
                    && (b.init() instanceof Expression.NumberLiteral
                        || b.init() instanceof Expression.BooleanLiteral
                        || b.init() instanceof Expression.StringLiteral
                        || b.init() instanceof Expression.Unary));
  }

  // ---- statements ----

  @Override
  void before(Statement statement) {
    switch (statement) {
      case Statement.If s -> {
        constant(s.condition());
        emptyBranch(s.then());
        if (s.otherwise() != null) {
          emptyBranch(s.otherwise());
        }
        repeated(s);
        body(s.then());
        body(s.otherwise());
      }
      case Statement.While s -> {
        boolean endless = s.condition() instanceof Expression.BooleanLiteral b && b.value();
        if (!endless) {
          constant(s.condition());
        }
        body(s.body());
      }
      case Statement.DoWhile s -> {
        constant(s.condition());
        body(s.body());
      }
      case Statement.For s -> body(s.body());
      case Statement.ForOf s -> body(s.body());
      case Statement.Try s -> tryStatement(s);
      case Statement.Labeled s -> {
        labels.push(new Label(s.label().text()));
        body(s.body());
      }
      case Statement.Break s -> named(s.label());
      case Statement.Continue s -> named(s.label());
      case Statement.Debugger s -> {
        // The statement after it would take its place if nothing were left there.
        String rest = bodies.remove(s) ? "{}" : "";
        found(LintRule.DEBUGGER, s.span(), "stops in a debugger", fix(s.span(), rest, "remove it"));
      }
      default -> {}
    }
  }

  private void body(@Nullable Statement statement) {
    if (statement instanceof Statement.Debugger alone) {
      bodies.add(alone);
    }
  }

  private void emptyBranch(Statement branch) {
    if (branch instanceof Statement.Block block
        && block.statements().isEmpty()
        && !block.span().text().contains("/")) {
      found(LintRule.EMPTY_BLOCK, block.span(), "an empty block; a comment may say why");
    }
  }

  private void constant(Expression condition) {
    Expression inner = strip(condition);
    boolean literal =
        inner instanceof Expression.BooleanLiteral
            || inner instanceof Expression.NumberLiteral
            || inner instanceof Expression.StringLiteral
            || inner instanceof Expression.NullLiteral;
    if (literal) {
      found(LintRule.CONSTANT_CONDITION, inner.span(), "the condition is always the same");
    }
  }

  private void repeated(Statement.If first) {
    List<String> seen = new ArrayList<>();
    seen.add(first.condition().span().text());
    Statement next = first.otherwise();
    while (next instanceof Statement.If again) {
      String text = again.condition().span().text();
      if (seen.getFirst().equals(text)) {
        found(
            LintRule.REPEATED_CONDITION,
            again.condition().span(),
            "tested already on line " + file.line(first.condition().span().start()));
      }
      next = again.otherwise();
    }
  }

  private void tryStatement(Statement.Try s) {
    Statement.Catch handler = s.handler();
    if (handler == null) {
      return;
    }
    emptyBranch(handler.body());
    boolean again =
        handler.parameter() instanceof Pattern.Identifier caught
            && handler.body().statements().size() == 1
            && handler.body().statements().getFirst() instanceof Statement.Throw thrown
            && strip(thrown.value()) instanceof Expression.Identifier value
            && value.name().text().equals(caught.name().text());
    if (again) {
      found(LintRule.NEEDLESS_CATCH, handler.span(), "the handler only throws again");
    }
  }

  @Override
  void after(Statement statement) {
    if (statement instanceof Statement.Labeled s && !labels.pop().named) {
      found(
          LintRule.UNUSED_LABEL,
          s.label().span(),
          "nothing names the label '" + s.label().text() + "'");
    }
  }

  private void named(@Nullable Name name) {
    for (Label label : labels) {
      if (name != null && label.text.equals(name.text())) {
        label.named = true;
        return;
      }
    }
  }

  // ---- expressions ----

  private static Expression strip(Expression expression) {
    Expression inner = expression;
    while (inner instanceof Expression.Parenthesized p) {
      inner = p.inner();
    }
    return inner;
  }

  @Override
  void before(Expression expression) {
    switch (expression) {
      case Expression.Template e -> template(e);
      case Expression.Binary e -> binary(e);
      case Expression.Unary e -> negation(e);
      case Expression.Conditional e -> choice(e);
      case Expression.Assign e -> selfAssignment(e);
      case Expression.ObjectLiteral e -> object(e);
      default -> {}
    }
  }

  private void template(Expression.Template e) {
    String text = e.span().text();
    boolean plain = e.values().isEmpty() && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
    if (!plain) {
      return;
    }
    String body = text.substring(1, text.length() - 1);
    boolean quotes = body.indexOf('"') >= 0 || body.indexOf('\\') >= 0;
    String message = "a template without substitution; a string is enough";
    if (quotes) {
      found(LintRule.NEEDLESS_TEMPLATE, e.span(), message);
    } else {
      found(
          LintRule.NEEDLESS_TEMPLATE,
          e.span(),
          message,
          fix(e.span(), '"' + body + '"', "write a string"));
    }
  }

  private void binary(Expression.Binary e) {
    String sign = e.operatorSpan().text();
    if (sign.equals("==") || sign.equals("!=")) {
      found(
          LintRule.TRIPLE_EQUALS,
          e.operatorSpan(),
          "'" + sign + "' means '" + sign + "=' here",
          fix(e.operatorSpan(), sign + "=", "write '" + sign + "='"));
    }
    if (isComparison(e.operator())
        && isPlace(strip(e.left()))
        && strip(e.left()).span().text().equals(strip(e.right()).span().text())) {
      found(
          LintRule.SELF_COMPARISON,
          e.span(),
          "compared with itself; for NaN there is Number.isNaN");
    }
  }

  private static boolean isComparison(BinaryOperator operator) {
    return switch (operator) {
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL -> true;
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, POWER -> false;
      case BIT_AND, BIT_OR, BIT_XOR -> false;
      case SHIFT_LEFT, SHIFT_RIGHT, SHIFT_RIGHT_UNSIGNED -> false;
      case AND, OR, COALESCE -> false;
    };
  }

  /** Names and members, which give the same value twice unless an accessor computes it. */
  private static boolean isPlace(Expression e) {
    return switch (e) {
      case Expression.Identifier _ -> true;
      case Expression.This _ -> true;
      case Expression.Member m -> isPlace(m.object());
      default -> false;
    };
  }

  private void negation(Expression.Unary e) {
    if (e.operator() == UnaryOperator.NOT
        && e.operand() instanceof Expression.Parenthesized p
        && p.inner() instanceof Expression.Binary b
        && (b.operator() == BinaryOperator.EQUAL || b.operator() == BinaryOperator.NOT_EQUAL)) {
      String other = b.operator() == BinaryOperator.EQUAL ? "!==" : "===";
      Span sign = new Span(file, e.span().start(), e.span().start() + 1);
      found(
          LintRule.NEGATED_COMPARISON,
          e.span(),
          "'" + other + "' says the same",
          fix(sign, "", "write '" + other + "'"),
          fix(b.operatorSpan(), other, "write '" + other + "'"));
    }
  }

  private void choice(Expression.Conditional e) {
    if (strip(e.then()) instanceof Expression.BooleanLiteral a
        && strip(e.otherwise()) instanceof Expression.BooleanLiteral b) {
      found(
          LintRule.NEEDLESS_CHOICE,
          e.span(),
          a.value() == b.value()
              ? "both ways give " + a.value()
              : a.value() ? "the condition itself says it" : "the negated condition says it");
    }
  }

  private void selfAssignment(Expression.Assign e) {
    if (e.operator() == null
        && isPlace(strip(e.target()))
        && strip(e.target()).span().text().equals(strip(e.value()).span().text())) {
      found(LintRule.SELF_ASSIGNMENT, e.span(), "assigned to itself");
    }
  }

  private void object(Expression.ObjectLiteral e) {
    for (Expression.Property property : e.properties()) {
      if (property instanceof Expression.ValueProperty v
          && v.value() instanceof Expression.Identifier value
          && value.name().text().equals(v.name().text())
          && !value.span().equals(v.name().span())
          && v.name().span().text().equals(v.name().text())) {
        found(
            LintRule.OBJECT_SHORTHAND,
            v.name().span().to(value.span()),
            "'" + v.name().text() + "' alone says the same",
            fix(
                v.name().span().to(value.span()),
                v.name().text(),
                "write '" + v.name().text() + "'"));
      }
      if (suite
          && property instanceof Expression.ValueProperty v
          && v.name().text().equals("only")
          && v.value() instanceof Expression.BooleanLiteral b
          && b.value()) {
        found(LintRule.FOCUSED_TEST, v.span(), "keeps the other tests of the file from running");
      }
    }
  }
}

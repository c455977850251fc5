package dev.raya.compiler.check;

import dev.raya.compiler.syntax.ClassMember;
import dev.raya.compiler.syntax.Expression;
import dev.raya.compiler.syntax.FunctionSyntax;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which names a module's source assigns, and where, found before it is checked: loops forget the
 * narrowings of what they assign, and closures those of what anybody assigns. By name, so shadowed
 * variables may be forgotten needlessly, never the other way round.
 *
 * <p>The source is walked once. Each assignment has a number, in the order of the walk, so that the
 * parts of the source that are asked about later, however deep they lie in one another, are ranges.
 */
final class Assignments {
  /** What stands before the name of a property in {@link #names}; no variable begins so. */
  private static final String PROPERTY = ".";

  /** A piece of the source: what it assigns. */
  final class Part {
    private final int from;
    private int to;
    private final @Nullable Object function;
    private final Map<String, Boolean> byClosures = new HashMap<>();

    private Part(int from, int to, @Nullable Object function) {
      this.from = from;
      this.to = to;
      this.function = function;
    }

    /** How many assignments there are. */
    int size() {
      walk();
      return to - from;
    }

    /** The variable or property (see {@link #ofProperty}) of an assignment. */
    String name(int index) {
      return names.get(from + index);
    }

    /** Whether a variable or property (see {@link #ofProperty}) is assigned. */
    boolean assigns(String name) {
      walk();
      Places found = places.get(name);
      return found != null && found.before(to) > found.before(from);
    }

    /** Whether all of another part is in this one. */
    boolean contains(Part other) {
      walk();
      return from <= other.from && other.to <= to;
    }

    /** Whether a function inside of this one assigns a variable. */
    boolean assignsInClosure(String variable) {
      if (function == null) {
        return false;
      }
      return byClosures.computeIfAbsent(variable, this::countInClosures);
    }

    private boolean countInClosures(String variable) {
      walk();
      Places found = places.get(variable);
      if (found == null) {
        return false;
      }
      int own = directly.getOrDefault(function, Map.of()).getOrDefault(variable, 0);
      return found.before(to) - found.before(from) > own;
    }
  }

  /** Numbers of assignments of one name, in order. */
  private static final class Places {
    private int[] numbers = new int[2];
    private int count;

    void add(int number) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number;
    }

    /** How many are below a number. */
    int before(int number) {
      int at = Arrays.binarySearch(numbers, 0, count, number);
      return at < 0 ? -1 - at : at;
    }
  }

  /** The name of each assignment: a variable, or a property with a mark before it. */
  private final List<String> names = new ArrayList<>();

  private final Map<String, Places> places = new HashMap<>();

  /** The parts asked about, by their syntax. */
  private final Map<Object, Part> parts = new IdentityHashMap<>();

  /** How often a function assigns each variable itself, not counting the functions in it. */
  private final Map<Object, Map<String, Integer>> directly = new IdentityHashMap<>();

  private final Part nothing = new Part(0, 0, null);
  private final Part module = new Part(0, 0, this);
  private List<Statement> waiting = List.of();
  private Object function = this;

  /** The name by which a property is asked about. */
  static String ofProperty(String name) {
    return PROPERTY + name;
  }

  /** Whether a name is that of a property. */
  static boolean isProperty(String name) {
    return name.startsWith(PROPERTY);
  }

  /** Sets what the module's statements are; they are walked when the first part is asked about. */
  void of(List<Statement> items) {
    waiting = items;
  }

  /** The module's statements, those in functions included. */
  Part ofModule() {
    return module;
  }

  private void walk() {
    if (!waiting.isEmpty()) {
      List<Statement> items = waiting;
      waiting = List.of();
      statements(items);
      module.to = names.size();
    }
  }

  /** A statement, expression or function of the module. */
  Part of(@Nullable Object node) {
    if (node == null) {
      return nothing;
    }
    walk();
    Part known = parts.get(node);
    if (known != null) {
      return known;
    }
    // Not met on the way through the module, as what is ambient: it is walked now.
    function = node;
    switch (node) {
      case Statement s -> part(s, () -> statement(s));
      case Expression e -> part(e, () -> expression(e));
      case FunctionSyntax f -> function(f);
      default -> throw new IllegalStateException("not a node: " + node.getClass());
    }
    function = this;
    return Objects.requireNonNull(parts.get(node));
  }

  /** Walks a part that may be asked about. */
  private void part(@Nullable Object node, Runnable walk) {
    if (node != null) {
      int from = names.size();
      walk.run();
      parts.put(node, new Part(from, names.size(), node));
    }
  }

  private void statements(List<Statement> list) {
    for (Statement s : list) {
      statement(s);
    }
  }

  private void optional(@Nullable Statement s) {
    if (s != null) {
      statement(s);
    }
  }

  private void value(@Nullable Expression e) {
    if (e != null) {
      expression(e);
    }
  }

  private void statement(Statement s) {
    switch (s) {
      case Statement.Block b -> statements(b.statements());
      case Statement.Evaluate e -> expression(e.expression());
      case Statement.If i -> {
        expression(i.condition());
        statement(i.then());
        optional(i.otherwise());
      }
      case Statement.While w -> {
        part(w.condition(), () -> expression(w.condition()));
        part(w.body(), () -> statement(w.body()));
      }
      case Statement.DoWhile w -> {
        part(w.body(), () -> statement(w.body()));
        part(w.condition(), () -> expression(w.condition()));
      }
      case Statement.For f -> {
        optional(f.init());
        part(f.condition(), () -> value(f.condition()));
        part(f.update(), () -> value(f.update()));
        part(f.body(), () -> statement(f.body()));
      }
      case Statement.ForOf f -> {
        expression(f.subject());
        part(f.body(), () -> statement(f.body()));
      }
      case Statement.Switch w -> {
        expression(w.subject());
        for (Statement.Case c : w.cases()) {
          value(c.test());
          statements(c.body());
        }
      }
      case Statement.Try t -> {
        part(t.block(), () -> statement(t.block()));
        if (t.handler() != null) {
          Statement body = t.handler().body();
          part(body, () -> statement(body));
        }
        part(t.finalizer(), () -> optional(t.finalizer()));
      }
      case Statement.Return r -> value(r.value());
      case Statement.Throw t -> expression(t.value());
      case Statement.Labeled l -> statement(l.body());
      case Statement.Variables v -> {
        for (Statement.Binding b : v.bindings()) {
          pattern(b.target());
          value(b.init());
        }
      }
      case Statement.Function f -> function(f.function());
      case Statement.Class c -> members(c);
      case Statement.ExportDeclaration e -> statement(e.declaration());
      case Statement.Empty _,
          Statement.Break _,
          Statement.Continue _,
          Statement.Debugger _,
          Statement.Interface _,
          Statement.Alias _,
          Statement.Import _,
          Statement.ExportNames _,
          Statement.ExportAll _,
          Statement.Ambient _,
          Statement.AmbientModule _ -> {}
    }
  }

  private void members(Statement.Class c) {
    for (ClassMember m : c.members()) {
      switch (m) {
        case ClassMember.Field f -> {
          if (f.init() != null) {
            Object outer = function;
            function = f;
            expression(f.init());
            function = outer;
          }
        }
        case ClassMember.Method x -> function(x.function());
        case ClassMember.Accessor x -> function(x.function());
        case ClassMember.Constructor x -> function(x.function());
      }
    }
  }

  private void pattern(Pattern p) {
    switch (p) {
      case Pattern.Identifier _ -> {}
      case Pattern.ArrayPattern a -> {
        for (Pattern.Element e : a.elements()) {
          if (e != null) {
            pattern(e.target());
            value(e.defaultValue());
          }
        }
      }
      case Pattern.ObjectPattern o -> {
        for (Pattern.Property q : o.properties()) {
          pattern(q.element().target());
          value(q.element().defaultValue());
        }
      }
    }
  }

  private void function(FunctionSyntax f) {
    Object outer = function;
    function = f;
    directly.remove(f);
    part(f, () -> insideOf(f));
    function = outer;
  }

  private void insideOf(FunctionSyntax f) {
    for (FunctionSyntax.Parameter p : f.parameters()) {
      value(p.defaultValue());
    }
    switch (f.body()) {
      case null -> {}
      case FunctionSyntax.BlockBody b -> statement(b.block());
      case FunctionSyntax.ExpressionBody e -> expression(e.expression());
    }
  }

  private void elements(List<Expression.Element> list) {
    for (Expression.Element e : list) {
      expression(e.value());
    }
  }

  private void expression(Expression start) {
    Expression e = start;
    while (true) {
      switch (e) {
        case Expression.Binary b -> {
          // Long chains lean to the left: walk them without recursion.
          expression(b.right());
          e = b.left();
          continue;
        }
        case Expression.Call c -> {
          elements(c.arguments());
          e = c.callee();
          continue;
        }
        case Expression.Member m -> {
          e = m.object();
          continue;
        }
        default -> {
          single(e);
          return;
        }
      }
    }
  }

  private void single(Expression e) {
    switch (e) {
      case Expression.Assign a -> {
        target(a.target());
        expression(a.target());
        expression(a.value());
      }
      case Expression.Step s -> {
        target(s.target());
        expression(s.target());
      }
      case Expression.Template t -> t.values().forEach(this::expression);
      case Expression.ArrayLiteral a -> elements(a.elements());
      case Expression.ObjectLiteral o -> {
        for (Expression.Property p : o.properties()) {
          switch (p) {
            case Expression.ValueProperty v -> expression(v.value());
            case Expression.MethodProperty m -> function(m.function());
            case Expression.SpreadProperty s -> expression(s.value());
          }
        }
      }
      case Expression.Function f -> function(f.function());
      case Expression.ClassExpression c -> members(c.declaration());
      case Expression.New n -> elements(n.arguments());
      case Expression.Index i -> {
        expression(i.object());
        expression(i.index());
      }
      case Expression.Unary u -> expression(u.operand());
      case Expression.Conditional c -> {
        expression(c.condition());
        expression(c.then());
        expression(c.otherwise());
      }
      case Expression.As a -> expression(a.value());
      case Expression.Parenthesized p -> expression(p.inner());
      case Expression.Comma c -> c.expressions().forEach(this::expression);
      case Expression.Binary _, Expression.Call _, Expression.Member _ -> expression(e);
      case Expression.Identifier _,
          Expression.This _,
          Expression.Super _,
          Expression.NullLiteral _,
          Expression.BooleanLiteral _,
          Expression.NumberLiteral _,
          Expression.StringLiteral _,
          Expression.RegExp _,
          Expression.Invalid _ -> {}
    }
  }

  private void target(Expression e) {
    switch (e) {
      case Expression.Identifier i -> {
        add(i.name().text());
        directly
            .computeIfAbsent(function, _ -> new HashMap<>())
            .merge(i.name().text(), 1, Integer::sum);
      }
      case Expression.Member m -> add(ofProperty(m.name().text()));
      case Expression.Parenthesized p -> target(p.inner());
      case Expression.ArrayLiteral a -> a.elements().forEach(x -> target(x.value()));
      case Expression.ObjectLiteral o -> {
        for (Expression.Property p : o.properties()) {
          if (p instanceof Expression.ValueProperty v) {
            target(v.value());
          } else if (p instanceof Expression.SpreadProperty s) {
            target(s.value());
          }
        }
      }
      case Expression.Assign a -> target(a.target());
      default -> {}
    }
  }

  private void add(String name) {
    places.computeIfAbsent(name, _ -> new Places()).add(names.size());
    names.add(name);
  }
}

package dev.raya.compiler.lower;

import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.tree.TreeWalker;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which variables of one outermost body (a function of the module, a method, the initialiser) its
 * closures share, and how. A nested function declaration that captures something counts as a
 * variable itself, one that holds its closure; one that captures nothing is an ordinary function.
 * Instances of a class declared in the body hold what its members use of it.
 *
 * <p>A captured variable is copied into the closure if it keeps its first value and has it when the
 * closure is made; otherwise it lives in a cell, and if a closure may be made before the
 * declaration runs (<i>early</i>), the cell is made where the block is entered.
 */
final class CaptureAnalysis {
  /** What is known of one body, of the outermost one or of a function in it. */
  private static final class Body {
    final @Nullable Body outer;
    final int visited;
    final Set<Symbol> declared = new HashSet<>();
    final Set<Symbol> used = new LinkedHashSet<>();
    final List<Body> inner = new ArrayList<>();
    final Set<Symbol> free = new LinkedHashSet<>();

    Body(@Nullable Body outer, int visited) {
      this.outer = outer;
      this.visited = visited;
    }
  }

  private final Map<FunctionSymbol, Body> bodies = new LinkedHashMap<>();
  private final Map<FunctionSymbol, FunctionTree> nested = new LinkedHashMap<>();
  private final Map<Symbol, Integer> declaredAt = new HashMap<>();
  private final Set<Symbol> written = new HashSet<>();
  private final Set<FunctionSymbol> capturing = new HashSet<>();
  private final Set<Symbol> cells = new HashSet<>();
  private final Set<Symbol> early = new HashSet<>();
  private final Set<Symbol> unset = new HashSet<>();
  private final Map<ClassSymbol, Body> classes = new LinkedHashMap<>();
  private final Map<FunctionSymbol, ClassSymbol> members = new LinkedHashMap<>();
  private int clock;

  private CaptureAnalysis() {}

  /** Analyses a function that stands at module level or in a class. */
  static CaptureAnalysis of(FunctionTree function) {
    CaptureAnalysis analysis = new CaptureAnalysis();
    Body root = new Body(null, 0);
    analysis.new Visitor(root).enter(function);
    analysis.conclude(root);
    return analysis;
  }

  /** Analyses a module's initialiser. */
  static CaptureAnalysis of(List<Stmt> body) {
    CaptureAnalysis analysis = new CaptureAnalysis();
    Body root = new Body(null, 0);
    analysis.new Visitor(root).statements(body);
    analysis.conclude(root);
    return analysis;
  }

  /** The nested function declarations with their trees. */
  Map<FunctionSymbol, FunctionTree> nestedFunctions() {
    return nested;
  }

  /** Whether a nested function declaration needs a closure. */
  boolean capturing(FunctionSymbol function) {
    return capturing.contains(function);
  }

  /** What a closure or nested function captures: variables and capturing functions. */
  List<Symbol> captures(FunctionSymbol function) {
    Body body = bodies.get(function);
    return body == null ? List.of() : List.copyOf(body.free);
  }

  /** The classes declared in the body, in source order. */
  Set<ClassSymbol> classes() {
    return Collections.unmodifiableSet(classes.keySet());
  }

  /** The methods, accessors and constructors of these classes. */
  Set<FunctionSymbol> members() {
    return Collections.unmodifiableSet(members.keySet());
  }

  /**
   * What the instances of a class hold of the body around it for its members, but for what its base
   * class holds.
   */
  List<Symbol> held(ClassSymbol symbol) {
    Body body = classes.get(symbol);
    if (body == null) {
      return List.of();
    }
    Set<Symbol> held = new LinkedHashSet<>(body.free);
    for (Type.ClassInstance base = symbol.base(); base != null; base = base.symbol().base()) {
      Body inherited = classes.get(base.symbol());
      if (inherited != null) {
        held.removeAll(inherited.free);
      }
    }
    return List.copyOf(held);
  }

  /** Whether a variable lives in a cell. */
  boolean inCell(Symbol variable) {
    return cells.contains(variable);
  }

  /** Whether the cell of a variable is made before its declaration. */
  boolean isEarly(Symbol variable) {
    return early.contains(variable);
  }

  /** Whether a variable in a cell may be read before something was assigned. */
  boolean startsUnset(Symbol variable) {
    return early.contains(variable) || unset.contains(variable);
  }

  private void conclude(Body root) {
    boolean changed = true;
    while (changed) {
      changed = free(root);
      for (FunctionSymbol function : nested.keySet()) {
        Body body = bodies.get(function);
        if (body != null && !body.free.isEmpty() && capturing.add(function)) {
          changed = true;
        }
      }
    }
    bodies.values().forEach(this::share);
    classes.values().forEach(this::share);
  }

  /** Says of what a closure or class captures how it is shared. */
  private void share(Body body) {
    for (Symbol symbol : body.free) {
      boolean before = declaredAt.getOrDefault(symbol, 0) >= body.visited;
      if (before || written.contains(symbol)) {
        cells.add(symbol);
      }
      if (before) {
        early.add(symbol);
      }
    }
  }

  /** Works out what bodies use of the bodies around them, innermost first. */
  private boolean free(Body body) {
    boolean changed = false;
    for (Body inner : body.inner) {
      changed |= free(inner);
    }
    for (Symbol symbol : body.used) {
      changed |= addFree(body, symbol);
    }
    for (Body inner : body.inner) {
      for (Symbol symbol : List.copyOf(inner.free)) {
        changed |= addFree(body, symbol);
      }
    }
    return changed;
  }

  private boolean addFree(Body body, Symbol symbol) {
    Body made = madeWhereUsed(symbol);
    if (made != null) {
      boolean changed = false;
      for (Symbol captured : List.copyOf(made.free)) {
        changed |= addFree(body, captured);
      }
      return changed;
    }
    boolean value =
        symbol instanceof FunctionSymbol function
            ? capturing.contains(function)
            : symbol instanceof VariableSymbol;
    return value && body.outer != null && !body.declared.contains(symbol) && body.free.add(symbol);
  }

  /**
   * The body of what captures where it is used: a generic function's closures are made where it is
   * called, a class's instances where they are constructed. What it captures must be at hand there.
   */
  private @Nullable Body madeWhereUsed(Symbol symbol) {
    return switch (symbol) {
      case FunctionSymbol f -> f.type().typeParameters().isEmpty() ? null : bodies.get(f);
      case ClassSymbol c -> classes.get(c);
      default -> null;
    };
  }

  private final class Visitor extends TreeWalker {
    private Body body;

    Visitor(Body body) {
      this.body = body;
    }

    void enter(FunctionTree function) {
      if (function.receiver() != null) {
        declare(function.receiver());
      }
      function.parameters().forEach(p -> declare(p.variable()));
      super.function(function);
    }

    private void declare(Symbol symbol) {
      body.declared.add(symbol);
      declaredAt.putIfAbsent(symbol, ++clock);
    }

    private void use(VariableSymbol variable) {
      if (!variable.isGlobal()) {
        body.used.add(variable);
      }
    }

    private void use(Callee callee) {
      switch (callee) {
        case Callee.Direct direct -> body.used.add(direct.function());
        case Callee.Construct made when made.symbol().isLocal() -> body.used.add(made.symbol());
        default -> {}
      }
    }

    private void use(FieldSymbol field) {
      if (field.storage() != null) {
        body.used.add(field.storage());
      }
    }

    private void nested(FunctionTree function) {
      function(function);
      declaredAt.put(function.symbol(), ++clock);
    }

    /**
     * Static methods are functions of the block, static fields its variables; the instances capture
     * what the other members use.
     */
    private void declare(ClassTree tree) {
      List<FunctionTree> statics = ClassLowering.staticMethods(tree);
      for (FunctionTree function : statics) {
        nested.put(function.symbol(), function);
        body.declared.add(function.symbol());
      }
      Body outer = body;
      Body inner = new Body(outer, ++clock);
      outer.inner.add(inner);
      classes.put(tree.symbol(), inner);
      body = inner;
      if (tree.symbol().base() != null && tree.symbol().base().symbol().isLocal()) {
        body.used.add(tree.symbol().base().symbol());
      }
      for (FunctionTree function : tree.functions()) {
        if (!statics.contains(function)) {
          members.put(function.symbol(), tree.symbol());
          function(function);
        }
      }
      body = outer;
      statics.forEach(this::nested);
      for (FieldSymbol field : tree.symbol().staticFields()) {
        if (field.storage() != null
            && tree.staticInits().stream().noneMatch(i -> i.field() == field)) {
          declare(field.storage());
          written.add(field.storage());
          unset.add(field.storage());
        }
      }
      for (ClassTree.StaticInit init : tree.staticInits()) {
        expr(init.value());
        if (init.field().storage() != null) {
          declare(init.field().storage());
        }
      }
    }

    @Override
    protected void function(FunctionTree function) {
      Body outer = body;
      Body inner = new Body(outer, ++clock);
      outer.inner.add(inner);
      bodies.put(function.symbol(), inner);
      body = inner;
      enter(function);
      body = outer;
    }

    @Override
    protected void stmt(Stmt stmt) {
      switch (stmt) {
        case Stmt.Declare s -> {
          super.stmt(s);
          if (!s.variable().isGlobal()) {
            declare(s.variable());
            if (s.init() == null) {
              written.add(s.variable());
              unset.add(s.variable());
            }
          }
        }
        case Stmt.DeclareFunction s -> {
          nested.put(s.function().symbol(), s.function());
          body.declared.add(s.function().symbol());
          nested(s.function());
        }
        case Stmt.DeclareClass s when s.declaration().symbol().isLocal() ->
            declare(s.declaration());
        case Stmt.ForOf s -> {
          expr(s.subject());
          declare(s.variable());
          stmt(s.body());
        }
        case Stmt.Switch s -> {
          declare(s.variable());
          super.stmt(s);
        }
        case Stmt.Try s -> {
          if (s.handler() != null && s.handler().variable() != null) {
            declare(s.handler().variable());
          }
          super.stmt(s);
        }
        default -> super.stmt(stmt);
      }
    }

    @Override
    protected void expr(Expr expr) {
      switch (expr) {
        case Expr.Read e -> use(e.variable());
        case Expr.Write e -> {
          super.expr(e);
          use(e.variable());
          written.add(e.variable());
        }
        case Expr.StaticGet e -> use(e.field());
        case Expr.StaticSet e -> {
          super.expr(e);
          use(e.field());
          if (e.field().storage() != null) {
            written.add(e.field().storage());
          }
        }
        case Expr.FunctionValue e -> use(e.callee());
        case Expr.Call e -> {
          use(e.callee());
          super.expr(e);
        }
        case Expr.Let e -> {
          // A named function expression is in its own scope: the value may capture the variable.
          expr(e.value());
          declare(e.variable());
          expr(e.body());
        }
        case Expr.ObjectLiteral e -> {
          super.expr(e);
          if (e.self() != null) {
            declare(e.self());
            written.add(e.self());
          }
        }
        default -> super.expr(expr);
      }
    }
  }
}

package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.tree.Label;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.tree.TreeWalker;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * No suspension while holding a mutex, where one function shows it (language.md 14.4, E0603): what
 * is locked on every path to a place is held there. A mutex is known by the variable and the names
 * that lead to it; where exceptions may come from, a mutex counts as held only if nothing on the
 * way unlocks it.
 */
final class MutexRule extends TreeWalker {
  /** Whether a call locks a mutex: functions without one need no look. */
  static boolean locks(String builtin) {
    return builtin.equals("Mutex.lock");
  }

  private static final Set<String> SUSPENDING =
      Set.of("Channel.send", "Channel.receive", "Channel.receiveResult");

  private static final Map<String, Set<String>> SUSPENDING_LIBRARY =
      Map.of(
          "raya:std", Set.of("select"),
          "raya:sync", Set.of("Semaphore.acquire", "Barrier.wait", "Once.run"),
          "raya:fs", Set.of("readTextFileSync", "writeTextFileSync"));

  /** An expression that names a mutex. */
  private record Path(VariableSymbol root, List<String> names) {
    @Override
    public String toString() {
      return names.isEmpty() ? root.name() : root.name() + "." + String.join(".", names);
    }
  }

  private final Diagnostics diagnostics;
  private final Map<Label, @Nullable Map<Path, Span>> breaks = new HashMap<>();
  private final Map<Label, @Nullable Map<Path, Span>> continues = new HashMap<>();

  /** What is held, with the place of the lock; null where control never comes. */
  private @Nullable Map<Path, Span> held = new LinkedHashMap<>();

  /** What was unlocked since a try began, from the innermost outwards. */
  private Set<Path> unlocked = new HashSet<>();

  private boolean quiet;

  private MutexRule(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  /** Checks one body; closures in it are bodies of their own. */
  static void check(List<Stmt> body, Diagnostics diagnostics) {
    new MutexRule(diagnostics).statements(body);
  }

  // ---- states

  private @Nullable Map<Path, Span> copy() {
    return held == null ? null : new LinkedHashMap<>(held);
  }

  private static @Nullable Map<Path, Span> join(
      @Nullable Map<Path, Span> a, @Nullable Map<Path, Span> b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    Map<Path, Span> both = new LinkedHashMap<>(a);
    both.keySet().retainAll(b.keySet());
    return both;
  }

  private void leave(Map<Label, @Nullable Map<Path, Span>> targets, Label label) {
    targets.put(label, targets.containsKey(label) ? join(targets.get(label), held) : copy());
    held = null;
  }

  private void arrive(Map<Label, @Nullable Map<Path, Span>> targets, Label label) {
    if (targets.containsKey(label)) {
      held = join(held, targets.remove(label));
    }
  }

  // ---- statements

  @Override
  protected void function(FunctionTree function) {
    // Runs at another time, in whatever state that is.
  }

  @Override
  protected void stmt(Stmt stmt) {
    switch (stmt) {
      case Stmt.If s -> {
        expr(s.condition());
        branches(
            () -> stmt(s.then()),
            () -> {
              if (s.otherwise() != null) {
                stmt(s.otherwise());
              }
            });
      }
      case Stmt.While s ->
          loop(
              s.label(),
              () -> expr(s.condition()),
              () -> stmt(s.body()),
              () -> {},
              isTrue(s.condition()));
      case Stmt.DoWhile s ->
          loop(s.label(), () -> {}, () -> stmt(s.body()), () -> expr(s.condition()), false);
      case Stmt.For s -> {
        statements(s.init());
        loop(
            s.label(),
            () -> {
              if (s.condition() != null) {
                expr(s.condition());
              }
            },
            () -> stmt(s.body()),
            () -> {
              if (s.update() != null) {
                expr(s.update());
              }
            },
            s.condition() == null);
      }
      case Stmt.ForOf s -> {
        expr(s.subject());
        loop(
            s.label(),
            () -> {
              if (s.iteration() == Iteration.CHANNEL) {
                suspends(s.subject().span());
              }
            },
            () -> stmt(s.body()),
            () -> {},
            false);
      }
      case Stmt.Switch s -> choice(s);
      case Stmt.Block s -> {
        statements(s.statements());
        if (s.label() != null) {
          arrive(breaks, s.label());
        }
      }
      case Stmt.Try s -> attempt(s);
      case Stmt.Return _, Stmt.Throw _ -> {
        super.stmt(stmt);
        held = null;
      }
      case Stmt.Break s -> leave(breaks, s.label());
      case Stmt.Continue s -> leave(continues, s.label());
      default -> super.stmt(stmt);
    }
  }

  private static boolean isTrue(Expr e) {
    return e instanceof Expr.Bool b && b.value();
  }

  private void branches(Runnable first, Runnable second) {
    Map<Path, Span> start = copy();
    first.run();
    Map<Path, Span> after = held;
    held = start;
    second.run();
    held = join(after, held);
  }

  /** A loop's start is reached from before and from its end, so the first look only finds that. */
  private void loop(Label label, Runnable test, Runnable body, Runnable update, boolean endless) {
    Map<Path, Span> start = copy();
    boolean outer = quiet;
    quiet = true;
    round(label, test, body, update);
    breaks.remove(label);
    quiet = outer;
    held = join(start, held);
    Map<Path, Span> left = round(label, test, body, update);
    held = endless ? null : join(left, held);
    arrive(breaks, label);
  }

  /** One round; gives the state in which the test fails. */
  private @Nullable Map<Path, Span> round(
      Label label, Runnable test, Runnable body, Runnable update) {
    test.run();
    Map<Path, Span> left = copy();
    body.run();
    arrive(continues, label);
    update.run();
    return left;
  }

  private void choice(Stmt.Switch s) {
    expr(s.subject());
    Map<Path, Span> start = copy();
    Map<Path, Span> fallen = null;
    boolean covered = false;
    for (Stmt.Case c : s.cases()) {
      covered |= c.test() == null;
      held = start == null ? null : new LinkedHashMap<>(start);
      held = join(held, fallen);
      statements(c.body());
      fallen = held;
    }
    held = covered ? fallen : join(start, fallen);
    arrive(breaks, s.label());
  }

  private void attempt(Stmt.Try s) {
    Map<Path, Span> start = copy();
    final Set<Path> outer = unlocked;
    unlocked = new HashSet<>();
    stmt(s.block());
    Map<Path, Span> thrown = start == null ? null : new LinkedHashMap<>(start);
    if (thrown != null) {
      thrown.keySet().removeAll(unlocked);
    }
    if (s.handler() != null) {
      Map<Path, Span> normal = held;
      held = thrown == null ? null : new LinkedHashMap<>(thrown);
      stmt(s.handler().body());
      held = join(normal, held);
      if (thrown != null) {
        thrown.keySet().removeAll(unlocked);
      }
    }
    if (s.finalizer() != null) {
      Map<Path, Span> normal = held;
      held = join(normal, thrown);
      stmt(s.finalizer());
      boolean quietBefore = quiet;
      quiet = true;
      held = normal;
      stmt(s.finalizer());
      quiet = quietBefore;
      // Whoever left the block by break or continue came through the finalizer too.
      released(breaks);
      released(continues);
    }
    outer.addAll(unlocked);
    unlocked = outer;
  }

  private void released(Map<Label, @Nullable Map<Path, Span>> targets) {
    for (Map<Path, Span> there : targets.values()) {
      if (there != null) {
        there.keySet().removeAll(unlocked);
      }
    }
  }

  // ---- expressions

  @Override
  protected void expr(Expr expr) {
    switch (expr) {
      case Expr.Await e -> {
        expr(e.task());
        suspends(e.span());
      }
      case Expr.Call e -> {
        super.expr(e);
        call(e);
      }
      case Expr.Conditional e -> {
        expr(e.condition());
        branches(() -> expr(e.then()), () -> expr(e.otherwise()));
      }
      case Expr.Logical e -> {
        expr(e.left());
        branches(() -> expr(e.right()), () -> {});
      }
      case Expr.Select e -> {
        Map<Path, Span> after = null;
        Map<Path, Span> start = copy();
        for (Expr.Arm arm : e.arms()) {
          held = start == null ? null : new LinkedHashMap<>(start);
          expr(arm.test());
          expr(arm.body());
          after = join(after, held);
        }
        held = after;
      }
      case Expr.Write e -> {
        super.expr(e);
        forget(e.variable());
      }
      default -> super.expr(expr);
    }
  }

  private void forget(VariableSymbol variable) {
    if (held != null) {
      held.keySet().removeIf(p -> p.root() == variable);
    }
  }

  private void call(Expr.Call e) {
    if (e.receiver() != null) {
      switch (memberOf(e.callee())) {
        case "Mutex.lock" -> {
          Path path = path(e.receiver());
          if (path != null && held != null) {
            held.put(path, e.span());
          }
          return;
        }
        case "Mutex.unlock" -> {
          unlock(path(e.receiver()));
          return;
        }
        default -> {}
      }
    }
    if (isSuspending(e.callee())) {
      suspends(e.span());
    }
  }

  /** The member of the library that a call, also one through super, is sure to mean; else "". */
  private static String memberOf(Callee callee) {
    return switch (callee) {
      case Callee.Builtin b -> b.name();
      case Callee.Method m when m.function().module().id().packageName().equals("raya:core") ->
          m.function().toString();
      default -> "";
    };
  }

  private void unlock(@Nullable Path path) {
    if (held == null) {
      return;
    }
    if (path == null) {
      // Which one is unknown, so none is known to be held.
      unlocked.addAll(held.keySet());
      held.clear();
    } else {
      unlocked.add(path);
      held.remove(path);
    }
  }

  private static boolean isSuspending(Callee callee) {
    if (SUSPENDING.contains(memberOf(callee))) {
      return true;
    }
    return switch (callee) {
      case Callee.Direct d -> isSuspending(d.function());
      case Callee.Method m -> isSuspending(m.function());
      default -> false;
    };
  }

  private static boolean isSuspending(FunctionSymbol f) {
    String name = f.owner() == null ? f.name() : f.owner().name() + "." + f.name();
    return SUSPENDING_LIBRARY.getOrDefault(f.module().id().packageName(), Set.of()).contains(name);
  }

  private void suspends(Span span) {
    if (quiet || held == null || held.isEmpty()) {
      return;
    }
    Map.Entry<Path, Span> first = held.entrySet().iterator().next();
    diagnostics.add(
        new Diagnostic(
            DiagnosticCode.E0603,
            span,
            "the Task may be suspended here while it holds '"
                + first.getKey()
                + "'; unlock it before",
            List.of(new Diagnostic.Note(first.getValue(), "locked here")),
            List.of()));
  }

  private static @Nullable Path path(Expr e) {
    return switch (e) {
      case Expr.Read r -> new Path(r.variable(), List.of());
      case Expr.FieldGet f -> step(path(f.receiver()), f.field().name());
      case Expr.PropertyGet p -> step(path(p.receiver()), p.name());
      case Expr.Convert c -> path(c.operand());
      default -> null;
    };
  }

  private static @Nullable Path step(@Nullable Path path, String name) {
    if (path == null) {
      return null;
    }
    List<String> names = new ArrayList<>(path.names());
    names.add(name);
    return new Path(path.root(), List.copyOf(names));
  }
}

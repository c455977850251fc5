package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Terminator;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Label;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statements of one function. The operand stack is empty before and after each. */
final class StatementLowering {
  /** What a jump out of the current statement meets, outermost first. */
  private sealed interface Exit {}

  private record Target(Label label, int breakBlock, int continueBlock) implements Exit {}

  /** A finally block; its copies lie in the region around the try statement. */
  private record Finalizer(Stmt.Block block, int region) implements Exit {}

  private static final int NONE = -1;

  private final FunctionLowering f;
  private final CodeDraft code;
  private List<Exit> exits = new ArrayList<>();

  StatementLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  private ExpressionLowering expressions() {
    return f.expressions();
  }

  /** A body or block: its functions first. */
  void body(List<Stmt> statements) {
    f.hoist(statements);
    statements.forEach(this::statement);
  }

  void statement(Stmt statement) {
    if (!(statement instanceof Stmt.Block)) {
      f.mark(statement.span());
    }
    switch (statement) {
      case Stmt.Evaluate s -> expressions().effect(s.expression());
      case Stmt.Declare s -> declare(s);
      case Stmt.DeclareFunction s -> f.declareFunction(s.function());
      case Stmt.DeclareClass s when s.declaration().symbol().isLocal() ->
          f.declareClass(s.declaration());
      case Stmt.DeclareClass s ->
          s.declaration().staticInits().forEach(i -> staticInit(i.field(), i.value()));
      case Stmt.Block s -> block(s);
      case Stmt.If s -> branch(s);
      case Stmt.While s -> loop(s);
      case Stmt.DoWhile s -> loop(s);
      case Stmt.For s -> loop(s);
      case Stmt.ForOf s -> new IterationLowering(f).forOf(s);
      case Stmt.Switch s -> choice(s);
      case Stmt.Try s -> attempt(s);
      case Stmt.Return s -> result(s);
      case Stmt.Throw s -> {
        expressions().value(s.value());
        code.leave(Opcode.THROW);
      }
      case Stmt.Break s -> leave(s.label(), false);
      case Stmt.Continue s -> leave(s.label(), true);
      case Stmt.Debugger _ -> code.builtin("debugger", 0);
    }
  }

  private void declare(Stmt.Declare s) {
    Expr init = s.init();
    if (init != null) {
      f.nameClosure(s.variable().name(), init);
    }
    if (s.variable().isGlobal()) {
      if (init != null) {
        expressions().to(init, f.type(s.variable().type()));
        expressions().places().storeGlobal(s.variable());
      }
    } else if (init == null) {
      f.declareUnset(s.variable());
    } else {
      expressions().to(init, f.type(s.variable().type()));
      f.declare(s.variable());
    }
  }

  private void staticInit(FieldSymbol field, Expr value) {
    expressions().to(value, f.type(field.type()));
    code.add(
        new dev.raya.compiler.ir.Instruction.Global(
            Opcode.STORE_STATIC, f.lowering().classes().staticNumber(field)));
  }

  private void block(Stmt.Block s) {
    Label label = s.label();
    if (label == null) {
      body(s.statements());
      return;
    }
    int after = code.block();
    exits.add(new Target(label, after, NONE));
    body(s.statements());
    exits.removeLast();
    code.begin(after);
  }

  private void branch(Stmt.If s) {
    int then = code.block();
    int after = code.block();
    Stmt otherwise = s.otherwise();
    int other = otherwise == null ? after : code.block();
    expressions().condition(s.condition(), then, other);
    code.begin(then);
    statement(s.then());
    code.jump(after);
    if (otherwise != null) {
      code.begin(other);
      statement(otherwise);
    }
    code.begin(after);
  }

  /** A loop's body between its label's targets. */
  void looped(Label label, int breakBlock, int continueBlock, Stmt body) {
    exits.add(new Target(label, breakBlock, continueBlock));
    statement(body);
    exits.removeLast();
  }

  private void loop(Stmt.While s) {
    int body = code.block();
    int test = code.block();
    int after = code.block();
    code.jump(test);
    code.begin(body);
    looped(s.label(), after, test, s.body());
    code.begin(test);
    expressions().condition(s.condition(), body, after);
    code.begin(after);
  }

  private void loop(Stmt.DoWhile s) {
    int body = code.block();
    int test = code.block();
    int after = code.block();
    code.begin(body);
    looped(s.label(), after, test, s.body());
    code.begin(test);
    expressions().condition(s.condition(), body, after);
    code.begin(after);
  }

  private void loop(Stmt.For s) {
    f.hoist(s.init());
    s.init().forEach(this::statement);
    int body = code.block();
    int update = code.block();
    int test = code.block();
    int after = code.block();
    code.jump(test);
    code.begin(body);
    looped(s.label(), after, update, s.body());
    code.begin(update);
    s.perIteration().forEach(f::renew);
    if (s.update() != null) {
      expressions().effect(s.update());
    }
    code.begin(test);
    if (s.condition() == null) {
      code.jump(body);
    } else {
      expressions().condition(s.condition(), body, after);
    }
    code.begin(after);
  }

  private void choice(Stmt.Switch s) {
    IrType subject = f.type(s.variable().type());
    for (Stmt.Case c : s.cases()) {
      f.hoist(c.body());
    }
    expressions().to(s.subject(), subject);
    f.declare(s.variable());
    int after = code.block();
    List<Integer> blocks = new ArrayList<>();
    int otherwise = after;
    for (Stmt.Case c : s.cases()) {
      blocks.add(code.block());
      if (c.test() == null) {
        otherwise = blocks.getLast();
      }
    }
    if (subject == Basic.INT && constants(s, Integer.class)) {
      f.load(s.variable());
      code.end(new Terminator.IntSwitch(cases(s, blocks, Integer.class), otherwise));
    } else if (subject == Basic.STRING && constants(s, String.class)) {
      f.load(s.variable());
      code.end(new Terminator.StringSwitch(cases(s, blocks, String.class), otherwise));
    } else {
      for (int i = 0; i < s.cases().size(); i++) {
        Expr test = s.cases().get(i).test();
        if (test != null) {
          int next = code.block();
          expressions().condition(test, blocks.get(i), next);
          code.begin(next);
        }
      }
      code.jump(otherwise);
    }
    exits.add(new Target(s.label(), after, NONE));
    for (int i = 0; i < s.cases().size(); i++) {
      code.begin(blocks.get(i));
      s.cases().get(i).body().forEach(this::statement);
    }
    exits.removeLast();
    code.begin(after);
  }

  private static boolean constants(Stmt.Switch s, Class<?> type) {
    return s.cases().stream().allMatch(c -> c.test() == null || type.isInstance(c.constant()));
  }

  private static <T extends Comparable<T>> SortedMap<T, Integer> cases(
      Stmt.Switch s, List<Integer> blocks, Class<T> type) {
    SortedMap<T, Integer> cases = new TreeMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      Object constant = s.cases().get(i).constant();
      if (constant != null) {
        cases.putIfAbsent(type.cast(constant), blocks.get(i));
      }
    }
    return cases;
  }

  private void attempt(Stmt.Try s) {
    int around = code.region();
    Stmt.Block finalizer = s.finalizer();
    Stmt.Catch handler = s.handler();
    int after = code.block();
    int cleanup = code.block();
    int caught = code.block();
    int guarded = finalizer == null ? around : code.newRegion(around, cleanup, NONE);
    if (finalizer != null) {
      exits.add(new Finalizer(finalizer, around));
    }
    int inner = handler == null ? guarded : code.newRegion(guarded, caught, filter(handler));
    code.enter(inner);
    block(s.block());
    code.enter(guarded);
    finish(finalizer, around, after);
    if (handler != null) {
      code.enter(guarded);
      code.begin(caught);
      caught(handler);
      block(handler.body());
      finish(finalizer, around, after);
    }
    code.enter(around);
    if (finalizer != null) {
      exits.removeLast();
      code.begin(cleanup);
      int error = f.scratch(Basic.ERROR);
      code.store(error);
      block(finalizer);
      code.load(error);
      code.leave(Opcode.RETHROW);
    }
    code.begin(after);
  }

  /** Normal end of a guarded block: the finally block's copy, outside the region. */
  private void finish(Stmt.@Nullable Block finalizer, int around, int after) {
    if (finalizer != null && code.reachable()) {
      copy(exits.size() - 1);
    }
    code.jump(after);
    code.enter(around);
  }

  private int filter(Stmt.Catch handler) {
    Type.ClassInstance filter = handler.filter();
    if (filter == null) {
      return NONE;
    }
    IrType type = f.type(filter);
    return type instanceof IrType.ClassType c ? c.number() : NONE;
  }

  private void caught(Stmt.Catch handler) {
    if (handler.variable() == null) {
      code.plain(Opcode.POP);
    } else {
      f.declare(handler.variable());
    }
  }

  /** Emits the finally block at an index of the exits where it is left. */
  private void copy(int index) {
    if (!(exits.get(index) instanceof Finalizer finalizer)) {
      throw new IllegalStateException("no finally block at " + index);
    }
    List<Exit> all = exits;
    int region = code.region();
    exits = new ArrayList<>(all.subList(0, index));
    code.enter(finalizer.region());
    block(finalizer.block());
    exits = all;
    if (!code.reachable()) {
      code.enter(region);
    }
  }

  private void result(Stmt.Return s) {
    IrType type = f.result();
    int region = code.region();
    if (s.value() == null) {
      unwind(0);
      code.leave(Opcode.RETURN_VOID);
    } else if (type == Basic.VOID) {
      expressions().effect(s.value());
      unwind(0);
      code.leave(Opcode.RETURN_VOID);
    } else {
      expressions().to(s.value(), type);
      if (exits.stream().anyMatch(Finalizer.class::isInstance) && code.reachable()) {
        int held = f.scratch(type);
        code.store(held);
        unwind(0);
        code.load(held);
      }
      code.leave(Opcode.RETURN);
    }
    code.enter(region);
  }

  private void leave(Label label, boolean again) {
    int region = code.region();
    for (int i = exits.size() - 1; i >= 0; i--) {
      if (exits.get(i) instanceof Target target && target.label() == label) {
        unwind(i + 1);
        code.jump(again ? target.continueBlock() : target.breakBlock());
        code.enter(region);
        return;
      }
    }
    throw new IllegalStateException("no target for " + label);
  }

  /** Runs the finally blocks from the innermost exit down to an index. */
  private void unwind(int downTo) {
    for (int i = exits.size() - 1; i >= downTo && code.reachable(); i--) {
      if (exits.get(i) instanceof Finalizer) {
        copy(i);
      }
    }
  }
}

package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrText;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the functions of a package do the same in fewer instructions: each goes to SSA form,
 * through the passes, and back to stack code. A function of its input alone. What is too large, or
 * holds a value whose type cannot be told, stays as it was lowered.
 */
public final class Optimizer {
  /** What a pass is made of: the optimizer's run over one package. */
  private interface Maker {
    Pass make(Run run);
  }

  /** When a pass runs. */
  private enum When {
    /** Always. */
    FIRST,
    /** Always; what it changes is worth the passes after it. */
    CHANGE,
    /** If one of the passes just before changed something. */
    AGAIN
  }

  /** A pass in its place. */
  private record Step(When when, Maker maker) {}

  private static final List<Step> PASSES =
      List.of(
          new Step(When.FIRST, _ -> new CopyPropagation()),
          new Step(When.FIRST, _ -> new ConstantFolding()),
          new Step(When.FIRST, _ -> new ControlFlow()),
          new Step(When.FIRST, _ -> new DeadCode()),
          new Step(When.CHANGE, run -> new Inlining(run.program, run::kept)),
          new Step(When.AGAIN, _ -> new CopyPropagation()),
          new Step(When.AGAIN, _ -> new ConstantFolding()),
          new Step(When.AGAIN, _ -> new ControlFlow()),
          new Step(When.AGAIN, _ -> new DeadCode()),
          new Step(When.CHANGE, _ -> new RangeFacts()),
          new Step(When.CHANGE, _ -> new SwitchForming()),
          new Step(When.AGAIN, _ -> new ConstantFolding()),
          new Step(When.AGAIN, _ -> new ControlFlow()),
          new Step(When.AGAIN, _ -> new DeadCode()));

  private final List<Step> steps;
  private final boolean idle;

  private Optimizer(List<Step> steps, boolean idle) {
    this.steps = steps;
    this.idle = idle;
  }

  /** Leaves everything as it was lowered: what tests and measurements compare with. */
  public static Optimizer idle() {
    return new Optimizer(List.of(), true);
  }

  /** All passes. */
  public static Optimizer standard() {
    return new Optimizer(PASSES, false);
  }

  /** The first passes only, for tests that look for the one that is wrong. */
  public static Optimizer first(int count) {
    return new Optimizer(PASSES.subList(0, count), false);
  }

  /** How many passes there are. */
  public static int passes() {
    return PASSES.size();
  }

  /** The package with its functions improved. */
  public IrPackage run(IrPackage program) {
    if (idle) {
      return program;
    }
    Run run = new Run(program, steps);
    List<IrFunction> functions = new ArrayList<>(program.functions().size());
    for (IrFunction function : program.functions()) {
      functions.add(function instanceof IrFunction.Local local ? run.improved(local) : function);
    }
    return new IrPackage(
        program.meta(),
        program.modules(),
        program.imports(),
        program.shapes(),
        program.classes(),
        program.globals(),
        functions,
        program.sources(),
        program.entry());
  }

  /**
   * A package as text: its tables, then its functions in SSA form after all passes; those that are
   * left as they were lowered in stack code ({@code docs/ir.md}). Equal packages give equal texts.
   */
  public static String text(IrPackage program) {
    Run run = new Run(program, PASSES);
    return IrText.of(
        program,
        local -> {
          SsaFunction function = run.form(local);
          return function == null ? null : SsaText.of(function, run.types);
        });
  }

  /** The work on one package. */
  private static final class Run {
    private final IrPackage program;
    private final ValueTypes types;
    private final List<Step> steps;
    private final List<Pass> passes = new ArrayList<>();

    /** Functions in SSA form that were looked at for their callers and not written yet. */
    private final Map<IrFunction.Local, SsaFunction> kept = new IdentityHashMap<>();

    Run(IrPackage program, List<Step> steps) {
      this.program = program;
      this.types = new ValueTypes(program);
      this.steps = steps;
      for (Step step : steps) {
        passes.add(step.maker().make(this));
      }
    }

    IrFunction improved(IrFunction.Local local) {
      SsaFunction known = kept.remove(local);
      SsaFunction function = known == null ? form(local) : known;
      if (function == null) {
        return local;
      }
      try {
        IrFunction written = StackCodeWriter.write(function, types);
        return written == null ? local : written;
      } catch (UnknownTypeException e) {
        return local;
      }
    }

    /** The same form as {@link #form}, made once: a callee is looked at before it is written. */
    private @Nullable SsaFunction kept(IrFunction.Local local) {
      SsaFunction known = kept.get(local);
      if (known == null) {
        known = form(local);
        if (known != null) {
          kept.put(local, known);
        }
      }
      return known;
    }

    /** A function in SSA form after all passes; null if it stays as it is. */
    @Nullable SsaFunction form(IrFunction.Local local) {
      if (!SsaBuilder.accepts(local)) {
        return null;
      }
      try {
        SsaFunction function = SsaBuilder.build(program, types, local);
        assert IrVerifier.verify(function, types, "construction");
        boolean changed = false;
        When last = When.FIRST;
        for (int i = 0; i < passes.size(); i++) {
          When when = steps.get(i).when();
          if (when == When.AGAIN && !changed) {
            continue;
          }
          changed &= when != When.CHANGE || last != When.AGAIN;
          last = when;
          types.enter(local);
          boolean did = passes.get(i).run(function, types);
          changed |= did && when == When.CHANGE;
          assert IrVerifier.verify(function, types, passes.get(i).name());
        }
        return function;
      } catch (UnknownTypeException e) {
        return null;
      }
    }
  }
}

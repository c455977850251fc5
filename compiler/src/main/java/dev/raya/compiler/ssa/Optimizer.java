package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrText;
import dev.raya.vm.bytecode.PieceQueue;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the functions of a package do the same in fewer instructions: each goes to SSA form,
 * through the passes, and back to stack code. A function of its input alone. What is too large, or
 * holds a value whose type cannot be told, stays as it was lowered.
 *
 * <p>Functions are worked on in portions, which threads share out: runs of functions of one module,
 * cut by their number and never by the threads, so that any number of threads makes the same. Small
 * callees of another portion are brought into SSA form once more.
 */
public final class Optimizer {
  /** What a pass is made of: the optimizer's run over one portion of a package. */
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
          new Step(When.CHANGE, run -> new Inlining(run.program, run.classes, run::kept)),
          new Step(When.AGAIN, _ -> new CopyPropagation()),
          new Step(When.AGAIN, _ -> new ConstantFolding()),
          new Step(When.AGAIN, _ -> new ControlFlow()),
          new Step(When.AGAIN, _ -> new DeadCode()),
          new Step(When.CHANGE, _ -> new RangeFacts()),
          new Step(When.CHANGE, _ -> new SwitchForming()),
          new Step(When.AGAIN, _ -> new ConstantFolding()),
          new Step(When.AGAIN, _ -> new ControlFlow()),
          new Step(When.AGAIN, _ -> new DeadCode()));

  /** Functions in a portion: enough to hide a thread's start and to share most callees. */
  private static final int PORTION = 256;

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

  /**
   * The package with its functions improved.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public IrPackage run(IrPackage program, int threads) {
    return run(List.of(program), threads).getFirst();
  }

  /**
   * Packages or parts of one with their functions improved, each by itself.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public List<IrPackage> run(List<IrPackage> programs, int threads) {
    try (Work work = begin(threads)) {
      programs.forEach(work::add);
      return work.finish();
    }
  }

  /**
   * Begins with no package; what is made is what {@link #run} makes of all that are added.
   *
   * @param threads most threads at once; what is made does not depend on it
   */
  public Work begin(int threads) {
    return new Work(threads);
  }

  /**
   * Packages or parts of one on their way: other threads work on those that have been added while
   * the next is made. Filled, finished and closed by one thread.
   */
  public final class Work implements AutoCloseable {
    private final PieceQueue queue;
    private final List<IrPackage> programs = new ArrayList<>();
    private final List<IrFunction[]> improved = new ArrayList<>();

    private Work(int threads) {
      this.queue = new PieceQueue(threads);
    }

    /** Adds a package or part. */
    public void add(IrPackage program) {
      programs.add(program);
      if (idle) {
        return;
      }
      IrFunction[] functions = program.functions().toArray(new IrFunction[0]);
      improved.add(functions);
      ClosedClasses classes = new ClosedClasses(program);
      for (int[] portion : portions(program)) {
        queue.add(() -> improve(program, classes, portion, functions));
      }
    }

    private void improve(
        IrPackage program, ClosedClasses classes, int[] portion, IrFunction[] functions) {
      Run run = new Run(program, classes, steps);
      for (int i : portion) {
        if (functions[i] instanceof IrFunction.Local local) {
          functions[i] = run.improved(local);
        }
      }
    }

    /** What was added, improved, in that order. */
    public List<IrPackage> finish() {
      queue.finish();
      if (idle) {
        return programs;
      }
      List<IrPackage> made = new ArrayList<>();
      for (int i = 0; i < programs.size(); i++) {
        IrPackage program = programs.get(i);
        made.add(
            new IrPackage(
                program.meta(),
                program.modules(),
                program.imports(),
                program.shapes(),
                program.classes(),
                program.globals(),
                List.of(improved.get(i)),
                program.sources(),
                program.entry()));
      }
      return made;
    }

    /** Waits until no thread works any more. */
    @Override
    public void close() {
      queue.close();
    }
  }

  /** The numbers of the functions with code, by modules, at most {@link #PORTION} together. */
  private static List<int[]> portions(IrPackage program) {
    List<List<Integer>> byModule = new ArrayList<>();
    program.modules().forEach(_ -> byModule.add(new ArrayList<>()));
    for (int i = 0; i < program.functions().size(); i++) {
      if (program.functions().get(i) instanceof IrFunction.Local local) {
        byModule.get(local.module()).add(i);
      }
    }
    List<int[]> portions = new ArrayList<>();
    for (List<Integer> module : byModule) {
      for (int from = 0; from < module.size(); from += PORTION) {
        List<Integer> some = module.subList(from, Math.min(module.size(), from + PORTION));
        portions.add(some.stream().mapToInt(i -> i).toArray());
      }
    }
    return portions;
  }

  /**
   * A package as text: its tables, then its functions in SSA form after all passes; those that are
   * left as they were lowered in stack code ({@code docs/ir.md}). Equal packages give equal texts.
   */
  public static String text(IrPackage program) {
    ClosedClasses classes = new ClosedClasses(program);
    Map<IrFunction, Run> runs = new IdentityHashMap<>();
    for (int[] portion : portions(program)) {
      Run run = new Run(program, classes, PASSES);
      for (int i : portion) {
        runs.put(program.functions().get(i), run);
      }
    }
    return IrText.of(
        program,
        local -> {
          Run run = Objects.requireNonNull(runs.get(local));
          SsaFunction function = run.form(local);
          return function == null ? null : SsaText.of(function, run.types);
        });
  }

  /** The work on one portion of a package. */
  private static final class Run {
    private final IrPackage program;
    private final ClosedClasses classes;
    private final ValueTypes types;
    private final List<Step> steps;
    private final List<Pass> passes = new ArrayList<>();

    /** Functions in SSA form that were looked at for their callers and not written yet. */
    private final Map<IrFunction.Local, SsaFunction> kept = new IdentityHashMap<>();

    Run(IrPackage program, ClosedClasses classes, List<Step> steps) {
      this.program = program;
      this.classes = classes;
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

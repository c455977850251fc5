package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrText;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the functions of a package do the same in fewer instructions: each goes to SSA form,
 * through the passes, and back to stack code. A function of its input alone. What is too large, or
 * holds a value whose type cannot be told, stays as it was lowered.
 */
public final class Optimizer {
  private static final List<Pass> PASSES =
      List.of(new CopyPropagation(), new ConstantFolding(), new ControlFlow(), new DeadCode());

  private final List<Pass> passes;
  private final boolean idle;

  private Optimizer(List<Pass> passes, boolean idle) {
    this.passes = passes;
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
    ValueTypes types = new ValueTypes(program);
    List<IrFunction> functions = new ArrayList<>(program.functions().size());
    for (IrFunction function : program.functions()) {
      functions.add(
          function instanceof IrFunction.Local local ? improved(program, types, local) : function);
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

  private IrFunction improved(IrPackage program, ValueTypes types, IrFunction.Local local) {
    if (!SsaBuilder.accepts(local)) {
      return local;
    }
    try {
      SsaFunction function = ssa(program, types, local);
      IrFunction written = StackCodeWriter.write(function, types);
      return written == null ? local : written;
    } catch (UnknownTypeException e) {
      return local;
    }
  }

  private SsaFunction ssa(IrPackage program, ValueTypes types, IrFunction.Local local) {
    SsaFunction function = SsaBuilder.build(program, types, local);
    assert IrVerifier.verify(function, types, "construction");
    for (Pass pass : passes) {
      pass.run(function, types);
      assert IrVerifier.verify(function, types, pass.name());
    }
    return function;
  }

  /**
   * A package as text: its tables, then its functions in SSA form after all passes; those that are
   * left as they were lowered in stack code ({@code docs/ir.md}). Equal packages give equal texts.
   */
  public static String text(IrPackage program) {
    Optimizer optimizer = standard();
    ValueTypes types = new ValueTypes(program);
    return IrText.of(
        program,
        local -> {
          if (SsaBuilder.accepts(local)) {
            try {
              return SsaText.of(optimizer.ssa(program, types, local), types);
            } catch (UnknownTypeException e) {
              return null;
            }
          }
          return null;
        });
  }
}

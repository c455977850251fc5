package dev.raya.vm.bytecode;

/**
 * A module that {@link Verifier} has accepted, with what the check worked out. A loader reads
 * resolved symbols and static stacks here instead of deriving them again.
 */
public final class VerifiedModule {
  private final ModuleSymbols symbols;
  private final Assignability assignability;
  private final BuiltinTyping builtins;

  VerifiedModule(ModuleSymbols symbols, Assignability assignability, BuiltinTyping builtins) {
    this.symbols = symbols;
    this.assignability = assignability;
    this.builtins = builtins;
  }

  /** The module. */
  public RbinModule module() {
    return symbols.module();
  }

  /** Functions, classes and globals by index. */
  public ModuleSymbols symbols() {
    return symbols;
  }

  /** The module's types and those its instructions make. */
  public TypeSpace types() {
    return symbols.types();
  }

  /** Assignability over {@link #types()}; confined to one thread at a time. */
  public Assignability assignability() {
    return assignability;
  }

  /**
   * Shows the static operand stack around every instruction of a function.
   *
   * @param function local index
   */
  public void observe(int function, StackObserver observer) {
    try {
      CodeChecker.check(symbols, assignability, builtins, function, observer);
    } catch (RbinException e) {
      throw new IllegalStateException("a verified function fails the same check again", e);
    }
  }
}

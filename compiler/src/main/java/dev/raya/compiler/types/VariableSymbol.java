package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * A variable: module-level, local, parameter, or made by the checker. Module-level variables are
 * globals ({@link #module} is set); the others live in the frame of {@link #owner}, or in a cell if
 * {@link #captured} and {@link #assigned}.
 */
public final class VariableSymbol implements Symbol {
  /** Where a variable comes from. */
  public enum Kind {
    /** {@code let}. */
    LET,
    /** {@code const}. */
    CONST,
    /** A parameter. */
    PARAMETER,
    /** The variable of a catch clause. */
    CATCH,
    /** {@code this} of a method, constructor, accessor or object-literal method. */
    THIS,
    /** Made by the checker to evaluate something once. */
    TEMPORARY
  }

  private final String name;
  private final Span span;
  private final Kind kind;
  private final @Nullable FunctionSymbol owner;
  private final ModuleSymbol module;
  private final boolean global;
  private final Lazy<Type> type = new Lazy<>();
  private boolean captured;
  private boolean assigned;
  private boolean used;
  private boolean exported;

  /**
   * A variable.
   *
   * @param owner the function whose frame holds it; null in the module's initialiser
   * @param global whether it is a module-level variable, visible to all functions of the module
   */
  public VariableSymbol(
      String name,
      Span span,
      Kind kind,
      @Nullable FunctionSymbol owner,
      ModuleSymbol module,
      boolean global) {
    this.name = name;
    this.span = span;
    this.kind = kind;
    this.owner = owner;
    this.module = module;
    this.global = global;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** The function whose frame holds it; null in a module's initialiser and for globals. */
  public @Nullable FunctionSymbol owner() {
    return owner;
  }

  /** The module that declares it. */
  public ModuleSymbol module() {
    return module;
  }

  /** Whether it is a module-level variable. */
  public boolean isGlobal() {
    return global;
  }

  /** The declared or inferred type. */
  public Type type() {
    Type known = type.get();
    return known == null ? Type.Primitive.INVALID : known;
  }

  /** Whether the type is being inferred at the moment: asking for it is a cycle. */
  public boolean isTypeRunning() {
    return type.isRunning();
  }

  /** Sets how the type is found when it is first asked for. */
  public void inferType(java.util.function.Supplier<Type> source) {
    type.setSource(source);
  }

  /** Sets the type. */
  public void setType(Type type) {
    this.type.set(type);
  }

  /** Whether a closure inside its owner uses it. */
  public boolean captured() {
    return captured;
  }

  /** Records a use from an inner function. */
  public void markCaptured() {
    captured = true;
  }

  /**
   * Whether it is assigned after its declaration, or declared without initial value: a captured
   * variable that is not may be copied into closures.
   */
  public boolean assigned() {
    return assigned;
  }

  /** Records an assignment. */
  public void markAssigned() {
    assigned = true;
  }

  /** Whether it is read anywhere. */
  public boolean used() {
    return used;
  }

  /** Records a read. */
  public void markUsed() {
    used = true;
  }

  /** Whether the module exports it (only globals). */
  public boolean exported() {
    return exported;
  }

  /** Records an export. */
  public void markExported() {
    exported = true;
  }

  @Override
  public String toString() {
    return name;
  }
}

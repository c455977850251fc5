package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function, method, accessor, constructor or closure. */
public final class FunctionSymbol implements Symbol {
  /** What kind of function. */
  public enum Kind {
    /** Declared by {@code function}, at module level or nested. */
    FUNCTION,
    /** A function expression or arrow function. */
    CLOSURE,
    /** A method in an object literal; {@code this} is a captured variable. */
    OBJECT_METHOD,
    /** An instance method; its first frame slot is {@code this}. */
    METHOD,
    /** An instance getter. */
    GETTER,
    /** An instance setter. */
    SETTER,
    /** A static method, or a static accessor. */
    STATIC_METHOD,
    /** A constructor. */
    CONSTRUCTOR
  }

  private final String name;
  private final Span span;
  private final Kind kind;
  private final @Nullable FunctionSymbol enclosing;
  private final @Nullable ClassSymbol owner;
  private final ModuleSymbol module;
  private final boolean async;
  private final boolean isAbstract;
  private final Access access;
  private final Lazy<Type.Function> type = new Lazy<>();
  private final List<VariableSymbol> captures = new ArrayList<>();
  private int slot = -1;
  private boolean exported;
  private boolean ambient;

  /**
   * A function whose type is not known yet.
   *
   * @param enclosing the function it is written in
   * @param owner the class it is a member of
   */
  public FunctionSymbol(
      String name,
      Span span,
      Kind kind,
      @Nullable FunctionSymbol enclosing,
      @Nullable ClassSymbol owner,
      ModuleSymbol module,
      boolean async,
      boolean isAbstract,
      Access access) {
    this.name = name;
    this.span = span;
    this.kind = kind;
    this.enclosing = enclosing;
    this.owner = owner;
    this.module = module;
    this.async = async;
    this.isAbstract = isAbstract;
    this.access = access;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** What kind of function. */
  public Kind kind() {
    return kind;
  }

  /** The function it is written in, or null at module level and for class members there. */
  public @Nullable FunctionSymbol enclosing() {
    return enclosing;
  }

  /** The class it is a member of, or null. */
  public @Nullable ClassSymbol owner() {
    return owner;
  }

  /** The module that declares it. */
  public ModuleSymbol module() {
    return module;
  }

  /** Whether it is {@code async}. */
  public boolean async() {
    return async;
  }

  /** Whether it is abstract. */
  public boolean isAbstract() {
    return isAbstract;
  }

  /** Who may use it. */
  public Access access() {
    return access;
  }

  /** Whether its type is being inferred at the moment: asking for it is a cycle. */
  public boolean isTypeRunning() {
    return type.isRunning();
  }

  /** Sets how the type is found when it is first asked for. */
  public void inferType(java.util.function.Supplier<Type.Function> source) {
    type.setSource(source);
  }

  /**
   * Its type, in terms of its own and its class's type parameters.
   *
   * @return while it is being inferred a type without parameters and an invalid result
   */
  public Type.Function type() {
    Type.Function known = type.get();
    return known == null ? new Type.Function(List.of(), Type.Primitive.INVALID) : known;
  }

  /** Sets the type. */
  public void setType(Type.Function type) {
    this.type.set(type);
  }

  /**
   * The variables of enclosing functions it uses, in order of first use; globals are not captured.
   */
  public List<VariableSymbol> captures() {
    return Collections.unmodifiableList(captures);
  }

  /** Records the use of an outer variable. */
  public void capture(VariableSymbol variable) {
    if (!captures.contains(variable)) {
      captures.add(variable);
      variable.markCaptured();
    }
  }

  /** Its index in the vtable of its class, or -1 if it is called directly. */
  public int slot() {
    return slot;
  }

  /** Sets the vtable index. */
  public void setSlot(int slot) {
    this.slot = slot;
  }

  /** Whether the module exports it. */
  public boolean exported() {
    return exported;
  }

  /** Records an export. */
  public void markExported() {
    exported = true;
  }

  /** Whether it has no body here: a built-in, or a function of another package. */
  public boolean ambient() {
    return ambient;
  }

  /** Records that it was declared without body. */
  public void markAmbient() {
    ambient = true;
  }

  /** Whether another package has its code: it is called there. */
  public boolean imported() {
    return ambient && module.external();
  }

  @Override
  public String toString() {
    return owner == null ? name : owner.name() + '.' + name;
  }
}

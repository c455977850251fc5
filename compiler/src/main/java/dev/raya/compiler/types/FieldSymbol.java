package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import org.jspecify.annotations.Nullable;

/**
 * A field of a class, static or not. Its type is written in terms of the class's type parameters.
 */
public final class FieldSymbol {
  private final ClassSymbol owner;
  private final String name;
  private final Span span;
  private final Access access;
  private final boolean isStatic;
  private final boolean readonly;
  private final boolean optional;
  private final Lazy<Type> type = new Lazy<>();
  private boolean parameter;
  private @Nullable VariableSymbol storage;

  /** A field whose type is not known yet. */
  public FieldSymbol(
      ClassSymbol owner,
      String name,
      Span span,
      Access access,
      boolean isStatic,
      boolean readonly,
      boolean optional) {
    this.owner = owner;
    this.name = name;
    this.span = span;
    this.access = access;
    this.isStatic = isStatic;
    this.readonly = readonly;
    this.optional = optional;
  }

  /** The class that declares it. */
  public ClassSymbol owner() {
    return owner;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Where it is declared. */
  public Span span() {
    return span;
  }

  /** Who may use it. */
  public Access access() {
    return access;
  }

  /** Whether it belongs to the class (a global) and not to an instance. */
  public boolean isStatic() {
    return isStatic;
  }

  /** Whether it may be assigned in the constructor only. */
  public boolean readonly() {
    return readonly;
  }

  /** Whether it was declared with {@code ?}; its type includes null then. */
  public boolean optional() {
    return optional;
  }

  /** Whether a parameter of the constructor declares it. */
  public boolean isParameter() {
    return parameter;
  }

  /** Records that a parameter of the constructor declares it. */
  public void markParameter() {
    parameter = true;
  }

  /** Of a static field of a local class the variable that holds it, else null. */
  public @Nullable VariableSymbol storage() {
    return storage;
  }

  /** Sets the variable that holds a static field of a local class. */
  public void setStorage(VariableSymbol variable) {
    storage = variable;
  }

  /** Its type. */
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

  @Override
  public String toString() {
    return owner.name() + '.' + name;
  }
}

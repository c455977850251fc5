package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type alias. Aliases are expanded where they are used; no type mentions them. */
public final class AliasSymbol implements Symbol {
  private final String name;
  private final Span span;
  private final ModuleSymbol module;
  private List<TypeParameterSymbol> typeParameters = List.of();
  private final Lazy<Type> type = new Lazy<>();
  private boolean exported;

  /** An alias whose type is not known yet. */
  public AliasSymbol(String name, Span span, ModuleSymbol module) {
    this.name = name;
    this.span = span;
    this.module = module;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** The module that declares it. */
  public ModuleSymbol module() {
    return module;
  }

  /** Its type parameters. */
  public List<TypeParameterSymbol> typeParameters() {
    return typeParameters;
  }

  /** Sets the type parameters. */
  public void setTypeParameters(List<TypeParameterSymbol> parameters) {
    typeParameters = List.copyOf(parameters);
  }

  /** What it stands for, or null while that is being found: the alias is cyclic. */
  public @Nullable Type type() {
    return type.get();
  }

  /** Sets how the type is found when it is first asked for. */
  public void inferType(java.util.function.Supplier<Type> source) {
    type.setSource(source);
  }

  /** Sets the type. */
  public void setType(Type type) {
    this.type.set(type);
  }

  /** Whether the module exports it. */
  public boolean exported() {
    return exported;
  }

  /** Records an export. */
  public void markExported() {
    exported = true;
  }
}

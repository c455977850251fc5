package dev.raya.compiler.types;

import dev.raya.compiler.source.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An interface, an object type as written, or the shape of an object literal. */
public final class StructureSymbol implements Symbol {
  /** Where a structure comes from. */
  public enum Kind {
    /** An interface declaration, or an alias of an object type. */
    INTERFACE,
    /** An object type written in place. */
    OBJECT_TYPE,
    /** The type of an object literal. */
    LITERAL
  }

  /**
   * A member.
   *
   * @param type of an optional property it includes null
   * @param method whether it was written as a method (or is one of a literal)
   */
  public record Property(
      String name, Type type, boolean optional, boolean readonly, boolean method, Span span) {}

  /** From how many properties on a table of names is worth its while. */
  private static final int MANY = 12;

  private final String name;
  private final Span span;
  private final Kind kind;
  private final ModuleSymbol module;
  private List<TypeParameterSymbol> typeParameters;
  private final Lazy<List<Property>> properties = new Lazy<>();
  private boolean incomplete;
  private boolean exported;

  /** The properties by name, of the list {@link #tabled}. */
  private Map<String, Property> byName = Map.of();

  private @Nullable List<Property> tabled;

  /** A structure whose members are not known yet. */
  public StructureSymbol(
      String name,
      Span span,
      Kind kind,
      ModuleSymbol module,
      List<TypeParameterSymbol> typeParameters) {
    this.name = name;
    this.span = span;
    this.kind = kind;
    this.module = module;
    this.typeParameters = List.copyOf(typeParameters);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Span span() {
    return span;
  }

  /** Where it comes from. */
  public Kind kind() {
    return kind;
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

  /** Whether the members are known. */
  public boolean isComplete() {
    return properties.isSet() && !properties.isRunning();
  }

  /**
   * All members, inherited ones included, in declared order.
   *
   * @return nothing while they are being found
   */
  public List<Property> properties() {
    List<Property> known = properties.get();
    return known == null ? List.of() : known;
  }

  /** Sets how the members are found when they are first asked for. */
  public void inferProperties(java.util.function.Supplier<List<Property>> source) {
    properties.setSource(source);
  }

  /** Notes that it has members of which nothing is known, because of an error. */
  public void markIncomplete() {
    incomplete = true;
  }

  /** Whether it may have members that are not known. */
  public boolean isIncomplete() {
    return incomplete;
  }

  /** The member of a name, or null. */
  public @Nullable Property property(String name) {
    List<Property> all = properties();
    if (all.size() < MANY) {
      for (Property p : all) {
        if (p.name().equals(name)) {
          return p;
        }
      }
      return null;
    }
    if (tabled != all) {
      Map<String, Property> made = new HashMap<>();
      all.forEach(p -> made.putIfAbsent(p.name(), p));
      byName = made;
      tabled = all;
    }
    return byName.get(name);
  }

  /** Sets the members. */
  public void setProperties(List<Property> properties) {
    this.properties.set(List.copyOf(properties));
  }

  /** Whether the module exports it. */
  public boolean exported() {
    return exported;
  }

  /** Records an export. */
  public void markExported() {
    exported = true;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "{…}" : name;
  }
}

package dev.raya.compiler.types;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What tells the variants of a union of object types apart (language.md 12.1). */
public final class Discriminants {
  private static final List<String> PREFERRED = List.of("kind", "type", "tag", "variant");

  private Discriminants() {}

  /** Properties that have a literal type in every variant: what narrowing accepts. */
  public static List<String> candidates(List<Type> variants) {
    List<String> names = new ArrayList<>();
    for (String name : new HashSet<>(Members.names(variants.getFirst()))) {
      if (variants.stream().allMatch(v -> literals(v, name) != null)) {
        names.add(name);
      }
    }
    names.sort(null);
    return names;
  }

  /** The literals a variant's property may have, or null if it is no literal property. */
  public static @Nullable Set<Type> literals(Type variant, String name) {
    Members.Member m = Members.find(variant, name);
    if (m == null || m.optional() || m.isMethod() || !m.isPublic()) {
      return null;
    }
    Set<Type> literals = new HashSet<>();
    for (Type t : Unions.cases(m.type())) {
      if (!Unions.isLiteral(t)) {
        return null;
      }
      literals.add(t);
    }
    return literals.isEmpty() ? null : literals;
  }

  /** Whether a variant's property has a literal type. */
  public static boolean isLiteralProperty(Type variant, String name) {
    return literals(variant, name) != null;
  }

  /** The discriminant of a union's variants, or null if no candidate tells them apart. */
  public static @Nullable String choose(List<Type> variants) {
    List<String> disjoint = new ArrayList<>();
    for (String name : candidates(variants)) {
      if (isDisjoint(variants, name)) {
        disjoint.add(name);
      }
    }
    for (String name : PREFERRED) {
      if (disjoint.contains(name)) {
        return name;
      }
    }
    return disjoint.isEmpty() ? null : disjoint.getFirst();
  }

  private static boolean isDisjoint(List<Type> variants, String name) {
    Set<Type> seen = new HashSet<>();
    for (Type v : variants) {
      Set<Type> literals = literals(v, name);
      if (literals == null) {
        return false;
      }
      for (Type t : literals) {
        if (!seen.add(t)) {
          return false;
        }
      }
    }
    return true;
  }
}

package dev.raya.compiler.lower;

import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The property that tells the variants of a union apart (language.md 12.1). */
final class Discriminants {
  private static final List<String> PREFERRED = List.of("kind", "type", "tag", "variant");

  private Discriminants() {}

  /** The discriminant of a union, or the empty string if it has none. */
  static String of(Type.Union union) {
    List<Type> variants =
        union.members().stream().filter(member -> member != Type.Primitive.NULL).toList();
    if (variants.size() < 2) {
      return "";
    }
    Map<String, Set<Type>> candidates = null;
    for (Type variant : variants) {
      Map<String, Set<Type>> literals = literals(variant);
      if (candidates == null) {
        candidates = literals;
      } else {
        candidates.keySet().retainAll(literals.keySet());
        for (Map.Entry<String, Set<Type>> entry : List.copyOf(candidates.entrySet())) {
          Set<Type> merged = new HashSet<>(entry.getValue());
          Set<Type> more = literals.getOrDefault(entry.getKey(), Set.of());
          int together = merged.size() + more.size();
          merged.addAll(more);
          if (merged.size() == together) {
            entry.setValue(merged);
          } else {
            candidates.remove(entry.getKey());
          }
        }
      }
    }
    if (candidates == null || candidates.isEmpty()) {
      return "";
    }
    for (String name : PREFERRED) {
      if (candidates.containsKey(name)) {
        return name;
      }
    }
    return candidates.keySet().iterator().next();
  }

  /** Properties that have only literals, sorted by name. */
  private static Map<String, Set<Type>> literals(Type variant) {
    Map<String, Set<Type>> found = new TreeMap<>();
    switch (variant) {
      case Type.Structure structure -> {
        for (StructureSymbol.Property p : structure.symbol().properties()) {
          if (!p.optional() && !p.method()) {
            add(found, p.name(), p.type());
          }
        }
      }
      case Type.ClassInstance instance -> {
        for (ClassSymbol c = instance.symbol(); c != null; c = base(c)) {
          for (FieldSymbol field : c.fields()) {
            add(found, field.name(), field.type());
          }
        }
      }
      default -> {}
    }
    return found;
  }

  private static @Nullable ClassSymbol base(ClassSymbol symbol) {
    Type.ClassInstance base = symbol.base();
    return base == null ? null : base.symbol();
  }

  private static void add(Map<String, Set<Type>> found, String name, Type type) {
    List<Type> members = type instanceof Type.Union union ? union.members() : List.of(type);
    for (Type member : members) {
      if (!(member instanceof Type.StringLiteral
          || member instanceof Type.IntLiteral
          || member instanceof Type.BooleanLiteral)) {
        return;
      }
    }
    found.put(name, new HashSet<>(members));
  }
}

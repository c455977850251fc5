package dev.raya.compiler.check;

import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The names declared in a block, function, class or module (language.md 8.2). */
final class Scope {
  private final @Nullable Scope parent;
  private final Map<String, Symbol> names = new LinkedHashMap<>();

  /** Names whose symbols are found when they are first asked for; null in most scopes. */
  private @Nullable Map<String, Supplier<@Nullable Symbol>> pending;

  /** The type parameters among the names; most scopes have none. */
  private List<TypeParameterSymbol> ownTypeParameters = List.of();

  Scope(@Nullable Scope parent) {
    this.parent = parent;
  }

  /** Declares a name; false if the scope has it already. */
  boolean declare(String name, Symbol symbol) {
    if (names.putIfAbsent(name, symbol) != null) {
      return false;
    }
    if (symbol instanceof TypeParameterSymbol p) {
      if (ownTypeParameters.isEmpty()) {
        ownTypeParameters = new ArrayList<>();
      }
      ownTypeParameters.add(p);
    }
    return true;
  }

  /** Declares a name that no other has, whose symbol is found when it is first asked for. */
  void declareLazily(String name, Supplier<@Nullable Symbol> symbol) {
    if (pending == null) {
      pending = new LinkedHashMap<>();
    }
    pending.put(name, symbol);
  }

  @Nullable Symbol own(String name) {
    Symbol known = names.get(name);
    if (known != null || pending == null) {
      return known;
    }
    Supplier<@Nullable Symbol> source = pending.remove(name);
    Symbol found = source == null ? null : source.get();
    if (found != null) {
      declare(name, found);
    }
    return found;
  }

  /** What the scope declares itself, in order. */
  Collection<Symbol> symbols() {
    return names.values();
  }

  @Nullable Symbol find(String name) {
    for (Scope s = this; s != null; s = s.parent) {
      Symbol found = s.own(name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The type parameters visible, outermost first. */
  List<TypeParameterSymbol> typeParameters() {
    List<TypeParameterSymbol> all = new ArrayList<>();
    for (Scope s = this; s != null; s = s.parent) {
      all.addAll(0, s.ownTypeParameters);
    }
    return all;
  }

  /** The names declared here that pass, with what they mean, in order of declaration. */
  Map<String, Symbol> named(Predicate<String> wanted) {
    Map<String, Symbol> found = new LinkedHashMap<>(names);
    found.keySet().removeIf(wanted.negate());
    return found;
  }

  /** The visible names of symbols that pass, innermost first, for suggestions. */
  List<String> visible(Predicate<Symbol> wanted) {
    List<String> all = new ArrayList<>();
    for (Scope s = this; s != null; s = s.parent) {
      s.names.forEach(
          (name, symbol) -> {
            if (wanted.test(symbol)) {
              all.add(name);
            }
          });
      if (s.pending != null) {
        all.addAll(s.pending.keySet());
      }
    }
    return all;
  }
}

package dev.raya.compiler.check;

import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known at a point of the program (language.md 4.5, 4.7): whether it can be reached, which
 * variables have been assigned, and the narrowed types of variables and property paths. Immutable.
 */
final class Flow {
  /** A variable, or a path of property names from it. */
  record Path(VariableSymbol root, List<String> names) {
    Path {
      names = List.copyOf(names);
    }
  }

  private final boolean reachable;
  private final Map<Path, Type> narrowed;
  private final Set<VariableSymbol> assigned;

  private Flow(boolean reachable, Map<Path, Type> narrowed, Set<VariableSymbol> assigned) {
    this.reachable = reachable;
    this.narrowed = narrowed;
    this.assigned = assigned;
  }

  static Flow start() {
    return new Flow(true, Map.of(), Set.of());
  }

  boolean reachable() {
    return reachable;
  }

  @Nullable Type narrowed(Path path) {
    return narrowed.get(path);
  }

  boolean isAssigned(VariableSymbol variable) {
    return !reachable || assigned.contains(variable);
  }

  Flow unreachable() {
    return reachable ? new Flow(false, narrowed, assigned) : this;
  }

  Flow narrow(Path path, Type type) {
    Map<Path, Type> map = new HashMap<>(narrowed);
    map.put(path, type);
    return new Flow(reachable && type != Type.Primitive.NEVER, map, assigned);
  }

  /** As {@link #narrow}, but a type without values does not make the point unreachable. */
  Flow record(Path path, Type type) {
    Map<Path, Type> map = new HashMap<>(narrowed);
    map.put(path, type);
    return new Flow(reachable, map, assigned);
  }

  Flow assign(VariableSymbol variable) {
    if (assigned.contains(variable)) {
      return this;
    }
    Set<VariableSymbol> set = new HashSet<>(assigned);
    set.add(variable);
    return new Flow(reachable, narrowed, set);
  }

  /** Forgets what was known of a variable and the paths from it. */
  Flow forget(VariableSymbol variable) {
    return without(p -> p.root() == variable);
  }

  /** Forgets paths that run through a property name. */
  Flow forgetProperty(String name) {
    return without(p -> p.names().contains(name));
  }

  /** Forgets variables of these names, and paths through properties of these names. */
  Flow forgetAll(Set<String> variables, Set<String> properties) {
    return without(
        p ->
            variables.contains(p.root().name())
                || p.names().stream().anyMatch(properties::contains));
  }

  /** As this, with what the other has assigned as well. */
  Flow withAssigned(Flow other) {
    Set<VariableSymbol> set = new HashSet<>(assigned);
    set.addAll(other.assigned);
    return new Flow(reachable, narrowed, set);
  }

  /** Forgets property paths, which anybody may change. */
  Flow withoutMutablePaths() {
    return without(p -> !p.names().isEmpty());
  }

  private Flow without(java.util.function.Predicate<Path> test) {
    if (narrowed.keySet().stream().noneMatch(test)) {
      return this;
    }
    Map<Path, Type> map = new HashMap<>(narrowed);
    map.keySet().removeIf(test);
    return new Flow(reachable, map, assigned);
  }

  /** What is known where two ways meet. */
  static Flow join(Flow a, Flow b) {
    if (!a.reachable) {
      return b.reachable ? b : a;
    }
    if (!b.reachable || a == b) {
      return a;
    }
    Map<Path, Type> map = new HashMap<>();
    for (Map.Entry<Path, Type> e : a.narrowed.entrySet()) {
      Type other = b.narrowed.get(e.getKey());
      if (other != null) {
        map.put(e.getKey(), Unions.of(e.getValue(), other));
      }
    }
    Set<VariableSymbol> set = new HashSet<>(a.assigned);
    set.retainAll(b.assigned);
    return new Flow(true, map, set);
  }
}

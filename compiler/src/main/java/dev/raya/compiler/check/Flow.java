package dev.raya.compiler.check;

import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known at a point of the program (language.md 4.5, 4.7): whether it can be reached, which
 * variables without a value of their own have been assigned, and the narrowed types of variables
 * and property paths. Immutable; a flow and what follows from it share what they have in common.
 */
final class Flow {
  /** A variable, or a path of property names from it. */
  record Path(VariableSymbol root, List<String> names) {
    Path {
      names = List.copyOf(names);
    }
  }

  private static final Flow START =
      new Flow(
          true,
          false,
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty(),
          PersistentMap.empty());

  private final boolean reachable;

  /** Whether the point is not reached because tests have left nothing of a type. */
  private final boolean exhausted;

  private final PersistentMap<VariableSymbol, Type> variables;
  private final PersistentMap<Path, Type> properties;

  /**
   * By the names of variables and properties (see {@link Assignments#ofProperty}) all paths with
   * that name of which something is known, and perhaps others.
   */
  private final PersistentMap<String, PersistentMap<Path, Path>> named;

  private final PersistentMap<VariableSymbol, VariableSymbol> assigned;

  private Flow(
      boolean reachable,
      boolean exhausted,
      PersistentMap<VariableSymbol, Type> variables,
      PersistentMap<Path, Type> properties,
      PersistentMap<String, PersistentMap<Path, Path>> named,
      PersistentMap<VariableSymbol, VariableSymbol> assigned) {
    this.reachable = reachable;
    this.exhausted = exhausted;
    this.variables = variables;
    this.properties = properties;
    this.named = named;
    this.assigned = assigned;
  }

  static Flow start() {
    return START;
  }

  boolean reachable() {
    return reachable;
  }

  /**
   * Whether only values that the types do not have lead here: what a chain of tests, or a switch,
   * leaves when it covers all cases. A program may say so, by taking what is left as {@code never}.
   */
  boolean exhausted() {
    return exhausted;
  }

  @Nullable Type narrowed(Path path) {
    return path.names().isEmpty() ? variables.get(path.root()) : properties.get(path);
  }

  boolean isAssigned(VariableSymbol variable) {
    return !reachable || assigned.get(variable) != null;
  }

  Flow unreachable() {
    return reachable ? new Flow(false, false, variables, properties, named, assigned) : this;
  }

  Flow narrow(Path path, Type type) {
    return record(path, type, reachable && type != Type.Primitive.NEVER);
  }

  /** As {@link #narrow}, but a type without values does not make the point unreachable. */
  Flow record(Path path, Type type) {
    return record(path, type, reachable);
  }

  private Flow record(Path path, Type type, boolean isReachable) {
    PersistentMap<String, PersistentMap<Path, Path>> all = add(named, path.root().name(), path);
    for (String name : path.names()) {
      all = add(all, Assignments.ofProperty(name), path);
    }
    boolean nothingLeft = exhausted || reachable && !isReachable;
    return path.names().isEmpty()
        ? new Flow(
            isReachable, nothingLeft, variables.put(path.root(), type), properties, all, assigned)
        : new Flow(isReachable, nothingLeft, variables, properties.put(path, type), all, assigned);
  }

  private static PersistentMap<String, PersistentMap<Path, Path>> add(
      PersistentMap<String, PersistentMap<Path, Path>> named, String name, Path path) {
    PersistentMap<Path, Path> paths = named.get(name);
    if (paths == null) {
      paths = PersistentMap.empty();
    }
    return paths.get(path) == null ? named.put(name, paths.put(path, path)) : named;
  }

  Flow assign(VariableSymbol variable) {
    return with(variables, properties, named, assigned.put(variable, variable));
  }

  /** Forgets what was known of a variable and the paths from it. */
  Flow forget(VariableSymbol variable) {
    return forget(variable.name(), path -> path.root() == variable);
  }

  /** Forgets paths that run through a property name. */
  Flow forgetProperty(String name) {
    return forget(Assignments.ofProperty(name), _ -> true);
  }

  /** Forgets what a part of the source assigns: variables, and paths through its properties. */
  Flow forgetAll(Assignments.Part part) {
    return forgetAll(part, true);
  }

  /** Forgets the variables that a part of the source assigns, and the paths from them. */
  Flow forgetVariables(Assignments.Part part) {
    return forgetAll(part, false);
  }

  private Flow forgetAll(Assignments.Part part, boolean withProperties) {
    if (named.isEmpty()) {
      return this;
    }
    List<String> names = new ArrayList<>();
    if (part.size() < named.size()) {
      for (int i = 0; i < part.size(); i++) {
        names.add(part.name(i));
      }
    } else {
      named.forEachKey(
          name -> {
            if (part.assigns(name)) {
              names.add(name);
            }
          });
    }
    Flow left = this;
    for (String name : names) {
      if (withProperties || !Assignments.isProperty(name)) {
        left = left.forget(name, _ -> true);
      }
    }
    return left;
  }

  private Flow forget(String name, Predicate<Path> which) {
    PersistentMap<Path, Path> paths = named.get(name);
    if (paths == null) {
      return this;
    }
    List<Path> gone = new ArrayList<>();
    paths.forEachKey(
        path -> {
          if (which.test(path)) {
            gone.add(path);
          }
        });
    PersistentMap<VariableSymbol, Type> knownVariables = variables;
    PersistentMap<Path, Type> knownProperties = properties;
    for (Path path : gone) {
      paths = paths.remove(path);
      if (path.names().isEmpty()) {
        knownVariables = knownVariables.remove(path.root());
      } else {
        knownProperties = knownProperties.remove(path);
      }
    }
    if (knownVariables == variables && knownProperties == properties) {
      return this;
    }
    return with(
        knownVariables,
        knownProperties,
        paths.isEmpty() ? named.remove(name) : named.put(name, paths),
        assigned);
  }

  /** As this, with what the other has assigned as well. */
  Flow withAssigned(Flow other) {
    List<VariableSymbol> all = new ArrayList<>();
    other.assigned.forEachKey(all::add);
    PersistentMap<VariableSymbol, VariableSymbol> both = assigned;
    for (VariableSymbol variable : all) {
      both = both.put(variable, variable);
    }
    return with(variables, properties, named, both);
  }

  /** Forgets property paths, which anybody may change. */
  Flow withoutMutablePaths() {
    return with(variables, PersistentMap.empty(), named, assigned);
  }

  private Flow with(
      PersistentMap<VariableSymbol, Type> knownVariables,
      PersistentMap<Path, Type> knownProperties,
      PersistentMap<String, PersistentMap<Path, Path>> names,
      PersistentMap<VariableSymbol, VariableSymbol> nowAssigned) {
    return knownVariables == variables && knownProperties == properties && nowAssigned == assigned
        ? this
        : new Flow(reachable, exhausted, knownVariables, knownProperties, names, nowAssigned);
  }

  /** What is known where two ways meet. */
  static Flow join(Flow a, Flow b) {
    if (!a.reachable) {
      // What ends by a return says nothing of what comes after; tests that left nothing do.
      return b.reachable || b.exhausted && !a.exhausted ? b : a;
    }
    if (!b.reachable || a == b) {
      return a;
    }
    return a.with(
        a.variables.intersect(b.variables, Flow::either),
        a.properties.intersect(b.properties, Flow::either),
        a.named,
        a.assigned.intersect(b.assigned, (own, _) -> own));
  }

  private static Type either(Type a, Type b) {
    return a.equals(b) ? a : Unions.of(a, b);
  }
}

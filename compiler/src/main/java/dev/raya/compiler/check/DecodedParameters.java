package dev.raya.compiler.check;

import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Which type parameters casts of json depend on, by themselves or because they are passed on to
 * others that are decoded (language.md 11). Local modules are learned those first that others
 * import, from their bodies or from what was remembered of them; modules of other packages are
 * looked at when the first of their parameters is asked for. Owned by one thread.
 */
final class DecodedParameters {
  private final Supplier<Checker> checker;

  /** Where the decoded parameters of local modules are written, in UTF-16 units. */
  private final Map<ModuleId, Set<Integer>> local = new HashMap<>();

  private final Instantiations elsewhere = new Instantiations();
  private final Set<ModuleSymbol> followed = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<ModuleSymbol, CheckedModule> templates = new IdentityHashMap<>();

  /** None yet; the checker is not asked for before a module has to be looked at. */
  DecodedParameters(Supplier<Checker> checker) {
    this.checker = checker;
  }

  /** The generic code of a module of another package. */
  CheckedModule templates(ModuleSymbol module) {
    return templates.computeIfAbsent(module, checker.get()::templates);
  }

  /** Learns where the decoded parameters of a local module are. */
  void learn(ModuleId module, List<Integer> decoded) {
    local.put(module, Set.copyOf(decoded));
  }

  /**
   * Learns the decoded parameters of modules that import each other.
   *
   * @param found what their bodies instantiate
   */
  void learn(List<ModuleId> modules, Instantiations found) {
    for (TypeParameterSymbol target : found.targets()) {
      if (isDecoded(target)) {
        found.decoded().add(target);
      }
    }
    found.spread();
    Map<ModuleId, Set<Integer>> decoded = new HashMap<>();
    modules.forEach(id -> decoded.put(id, new TreeSet<>()));
    for (TypeParameterSymbol parameter : found.decoded()) {
      ModuleSymbol module = checker.get().moduleOf(parameter.span().file());
      Set<Integer> own = module == null ? null : decoded.get(module.id());
      if (own != null) {
        own.add(parameter.span().start());
      }
    }
    local.putAll(decoded);
  }

  /** Where the decoded parameters of a local module that was learned are, in order. */
  List<Integer> of(ModuleId module) {
    return List.copyOf(new TreeSet<>(local.getOrDefault(module, Set.of())));
  }

  /** Whether a cast of json depends on a type parameter. */
  boolean isDecoded(TypeParameterSymbol parameter) {
    ModuleSymbol module = checker.get().moduleOf(parameter.span().file());
    if (module == null) {
      return false;
    }
    if (!module.external()) {
      return local.getOrDefault(module.id(), Set.of()).contains(parameter.span().start());
    }
    if (follow(parameter)) {
      List<TypeParameterSymbol> open = new ArrayList<>(elsewhere.targets());
      while (!open.isEmpty()) {
        if (follow(open.removeLast())) {
          open.addAll(elsewhere.targets());
        }
      }
      elsewhere.spread();
    }
    return elsewhere.decoded().contains(parameter);
  }

  private boolean follow(TypeParameterSymbol parameter) {
    ModuleSymbol module = checker.get().moduleOf(parameter.span().file());
    if (module == null || !module.external() || !followed.add(module)) {
      return false;
    }
    elsewhere.declarations(templates(module));
    return true;
  }
}

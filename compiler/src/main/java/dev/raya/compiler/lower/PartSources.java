package dev.raya.compiler.lower;

import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the parts of a package are lowered from: its checked modules, the generic code of modules of
 * other packages, and the functions of {@code raya:core} that are written in Raya. Owned by one
 * thread.
 */
public final class PartSources {
  private static final String CORE = "raya:core!";

  /** The package's modules, as far as they are needed. */
  public interface Bodies {
    /** A module of the package, checked now if it was not. */
    CheckedModule of(ModuleSymbol module);

    /** The generic code of a module of another package, or null if there is none to be had. */
    @Nullable CheckedModule templates(ModuleSymbol module);

    /** The modules of other packages that are known. */
    List<ModuleSymbol> externals();

    /** Whether a symbol is what a module declares at its top under its name. */
    boolean declaresAtTop(ModuleSymbol module, Symbol symbol);

    /** Whether a cast of json depends on a type parameter. */
    boolean isDecoded(TypeParameterSymbol parameter);

    /** The module of the package that a source file is, or null. */
    @Nullable ModuleSymbol moduleOf(SourceFile file);
  }

  private final Bodies bodies;
  private final External.Source packages;
  private final CoreFunctions coreFunctions;
  private List<CheckedModule> coreModules = List.of();
  private final Map<FunctionSymbol, FunctionTree> trees = new IdentityHashMap<>();
  private final Map<String, FunctionSymbol> core = new HashMap<>();
  private final Map<String, ClassSymbol> templateClasses = new HashMap<>();
  private final LocalClasses locals = new LocalClasses();
  private final Set<Symbol> top = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<ModuleSymbol> registered = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * The sources of a package.
   *
   * @param core the functions of {@code raya:core} written in Raya
   */
  public PartSources(CoreFunctions core, Bodies bodies, External.Source packages) {
    this.bodies = bodies;
    this.packages = packages;
    this.coreFunctions = core;
    addTemplates();
  }

  /** Takes in the generic code of the modules of other packages that are known by now. */
  private void addTemplates() {
    for (ModuleSymbol module : bodies.externals()) {
      if (registered.contains(module)) {
        continue;
      }
      CheckedModule templates = bodies.templates(module);
      if (templates == null) {
        continue;
      }
      register(templates);
      for (ClassTree tree : templates.classes()) {
        templateClasses.put(
            packages.find(module.id()).specifier() + '\n' + tree.symbol().name(), tree.symbol());
      }
    }
  }

  private void register(CheckedModule module) {
    if (registered.add(module.symbol())) {
      locals.register(module);
      module.functions().forEach(tree -> top.add(tree.symbol()));
      module.classes().forEach(tree -> top.add(tree.symbol()));
      module.functions().forEach(tree -> trees.put(tree.symbol(), tree));
      for (List<ClassTree> classes : List.of(module.classes(), module.localClasses())) {
        for (ClassTree tree : classes) {
          tree.functions().forEach(f -> trees.put(f.symbol(), f));
        }
      }
    }
  }

  External.Source packages() {
    return packages;
  }

  /** Whether a module is of the package, and not of another one or the library's own sources. */
  boolean isOfPackage(ModuleSymbol module) {
    if (module.external()) {
      return false;
    }
    for (CheckedModule core : coreModules) {
      if (core.symbol() == module) {
        return false;
      }
    }
    return true;
  }

  /** A module of the package. */
  CheckedModule checked(ModuleSymbol module) {
    CheckedModule checked = bodies.of(module);
    register(checked);
    return checked;
  }

  /** A function with body; null if it stands in another one. */
  @Nullable FunctionTree tree(FunctionSymbol symbol) {
    require(symbol.module());
    return trees.get(symbol);
  }

  /** The local classes of a module, and of others. */
  LocalClasses locals(ModuleSymbol module) {
    require(module);
    return locals;
  }

  /** As {@link #locals(ModuleSymbol)}, for a class that may be one. */
  LocalClasses locals(ClassSymbol symbol) {
    return symbol.isLocal() ? locals(symbol.module()) : locals;
  }

  private void require(ModuleSymbol module) {
    if (isOfPackage(module)) {
      checked(module);
    } else if (!registered.contains(module)) {
      addTemplates();
    }
  }

  boolean isDecoded(TypeParameterSymbol parameter) {
    return bodies.isDecoded(parameter);
  }

  @Nullable ModuleSymbol moduleOf(SourceFile file) {
    return bodies.moduleOf(file);
  }

  /** What stands for the sources of the library itself. */
  ModuleSymbol coreModule() {
    return coreModules().getFirst().symbol();
  }

  /** Whether a built-in is written as a function of {@code raya:core}. */
  boolean hasCore(String builtin) {
    return coreFunctions.declares(LibraryNames.declared(builtin));
  }

  /** The class whose members the values of a built-in type have. */
  ClassSymbol builtinClass(String name) {
    return coreFunctions.builtinClass(name);
  }

  /** The function of {@code raya:core} that a built-in is written as, or null. */
  @Nullable FunctionSymbol core(String builtin) {
    coreModules();
    return core.get(builtin);
  }

  /** The core functions, checked when the first is wanted: most programs use none. */
  private List<CheckedModule> coreModules() {
    if (coreModules.isEmpty()) {
      coreModules = coreFunctions.modules();
      for (CheckedModule module : coreModules) {
        register(module);
        for (FunctionTree tree : module.functions()) {
          core.put(LibraryNames.builtin(tree.symbol().name()), tree.symbol());
        }
      }
    }
    return coreModules;
  }

  /** The generic class that a module of another package declares, or null. */
  @Nullable ClassSymbol templateClass(String specifier, String name) {
    String key = specifier + '\n' + name;
    if (!templateClasses.containsKey(key)) {
      addTemplates();
    }
    return templateClasses.get(key);
  }

  // --- names

  /** Whether a function or class is not inside of a function or block. */
  boolean isAtTop(FunctionSymbol symbol) {
    ClassSymbol owner = symbol.owner();
    return owner != null
        ? isAtTop(owner)
        : symbol.enclosing() == null && isAtTop(symbol.module(), symbol);
  }

  private boolean isAtTop(ClassSymbol symbol) {
    return isAtTop(symbol.module(), symbol);
  }

  private boolean isAtTop(ModuleSymbol module, Symbol symbol) {
    return isOfPackage(module) ? bodies.declaresAtTop(module, symbol) : top.contains(symbol);
  }

  /** What a function is called in all parts. */
  String name(FunctionSymbol symbol) {
    ClassSymbol owner = symbol.owner();
    if (owner != null) {
      return name(owner) + "." + symbol.kind() + " " + symbol.name();
    }
    return prefix(symbol.module())
        + symbol.name()
        + (isAtTop(symbol) ? "" : "@" + symbol.span().start());
  }

  /** What a class is called in all parts. */
  String name(ClassSymbol symbol) {
    return prefix(symbol.module())
        + symbol.name()
        + (isAtTop(symbol) ? "" : "@" + symbol.span().start());
  }

  /** What a module-level variable is called in all parts. */
  String name(VariableSymbol symbol) {
    return prefix(symbol.module())
        + symbol.name()
        + (symbol.exported() ? "" : "@" + symbol.span().start());
  }

  private String prefix(ModuleSymbol module) {
    return (module.external() || isOfPackage(module) ? module.id().toString() : CORE + module.id())
        + "#";
  }
}

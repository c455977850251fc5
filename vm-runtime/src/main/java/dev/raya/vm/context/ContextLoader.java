package dev.raya.vm.context;

import dev.raya.vm.bytecode.Builtin;
import dev.raya.vm.bytecode.Builtins;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.CoreModule;
import dev.raya.vm.bytecode.InstructionCursor;
import dev.raya.vm.bytecode.Linkage;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import dev.raya.vm.interp.ContextTypes;
import dev.raya.vm.interp.Interpreter;
import dev.raya.vm.value.LinkedModule;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads package files into a context, each once, the imported ones first (vm.md 11): checks their
 * grants, refuses what this VM cannot run, links them, and says in which order the init functions
 * run.
 */
final class ContextLoader {
  /** The specifier and key of the module that the VM brings itself. */
  static final String CORE = "raya:core";

  private final ModuleLoader loader;
  private final ContextTypes types = new ContextTypes(this::coreClass);
  private final ClassInstances instances = new ClassInstances();
  private final Map<String, LinkedModule> loaded = new LinkedHashMap<>();
  private final Map<VerifiedModule, List<ModuleLinker.Imported>> importsOf =
      new IdentityHashMap<>();
  private final Map<VerifiedModule, LinkedModule> linkedOf = new IdentityHashMap<>();
  private final Map<LinkedModule, VerifiedModule> verifiedOf = new IdentityHashMap<>();
  private final Linkage linkage = new Linkage(this::provider);
  private final List<String> loading = new ArrayList<>();

  ContextLoader(ModuleLoader loader) {
    this.loader = loader;
  }

  ContextTypes types() {
    return types;
  }

  /** Returns the files loaded, in the order they were linked. */
  Iterable<LinkedModule> modules() {
    return loaded.values();
  }

  /** Loads a package file and all it imports. */
  LinkedModule load(String key) throws VmException {
    LinkedModule known = loaded.get(key);
    if (known != null) {
      return known;
    }
    if (loading.contains(key)) {
      StringBuilder cycle = new StringBuilder();
      for (String step : loading.subList(loading.indexOf(key), loading.size())) {
        cycle.append(loader.displayName(step)).append(" -> ");
      }
      throw new VmException(
          VmErrorKind.INVALID_BINARY_FORMAT,
          "packages import each other: " + cycle + loader.displayName(key));
    }
    loading.add(key);
    VerifiedModule verified = key.equals(CORE) ? core() : loader.load(key);
    RbinModule file = verified.module();
    if (!key.equals(CORE)) {
      checkGrants(key, file);
      checkSupported(key, file);
    }
    LinkedModule module = new LinkedModule(key, file);
    List<ModuleLinker.Imported> imports = new ArrayList<>();
    for (Import row : file.imports()) {
      imports.add(imported(key, row.specifier()));
    }
    importsOf.put(verified, imports);
    linkedOf.put(verified, module);
    verifiedOf.put(module, verified);
    try {
      linkage.check(verified);
      new ModuleLinker(module, verified, linkage, this::linked, imports, types, instances).link();
    } catch (RbinException e) {
      throw new VmException(key.equals(CORE) ? CORE : loader.displayName(key), e);
    }
    loading.removeLast();
    loaded.put(key, module);
    return module;
  }

  private static VerifiedModule core() {
    try {
      return Verifier.verify(CoreModule.build());
    } catch (RbinException e) {
      throw new IllegalStateException("the VM's own module is not valid", e);
    }
  }

  private LinkedModule linked(VerifiedModule module) {
    return Objects.requireNonNull(linkedOf.get(module), "import not linked");
  }

  private Linkage.@Nullable Provider provider(VerifiedModule importer, int importIndex) {
    List<ModuleLinker.Imported> imports = importsOf.get(importer);
    if (imports == null) {
      return null;
    }
    ModuleLinker.Imported imported = imports.get(importIndex);
    VerifiedModule from = verifiedOf.get(imported.module());
    int index = Linkage.moduleIndex(imported.module().file, imported.path());
    return from == null || index < 0 ? null : new Linkage.Provider(from, index);
  }

  private ModuleLinker.Imported imported(String importer, String specifier) throws VmException {
    if (specifier.equals(CORE)) {
      return new ModuleLinker.Imported(load(CORE), "");
    }
    ModuleLoader.Resolved resolved = loader.resolve(importer, specifier);
    return new ModuleLinker.Imported(load(resolved.packageKey()), resolved.modulePath());
  }

  private RClass coreClass(String name) {
    try {
      LinkedModule core = load(CORE);
      for (RbinModule.Export export : core.file.modules().getFirst().exports()) {
        if (export.kind() == RbinModule.ExportKind.CLASS && export.name().equals(name)) {
          return core.classes[export.target()];
        }
      }
    } catch (VmException e) {
      throw new IllegalStateException("the VM's own module does not load", e);
    }
    throw new IllegalStateException("raya:core has no class " + name);
  }

  private void checkGrants(String key, RbinModule file) throws VmException {
    Set<String> granted = loader.grants(key);
    for (String needed : Capabilities.of(file)) {
      if (!granted.contains(needed)) {
        throw new VmException(
            VmErrorKind.CAPABILITY_DENIED,
            loader.displayName(key)
                + " needs the grant "
                + needed
                + (granted.isEmpty()
                    ? " but has none"
                    : " but has only " + String.join(", ", granted))
                + firstUse(file, needed));
      }
    }
  }

  /** Names the function that needs a grant, if it is one of this file. */
  private static String firstUse(RbinModule file, String grant) {
    int bit = Capabilities.bit(grant);
    for (RbinModule.FunctionDef function : file.functions()) {
      for (InstructionCursor at = new InstructionCursor(function.code()); at.next(); ) {
        Builtin builtin =
            at.opcode() == Opcode.CALL_BUILTIN ? Builtins.of((int) at.values(0)[0]) : null;
        if (builtin != null && (builtin.grants() & bit) != 0) {
          return " (function " + function.name() + " calls " + builtin.name() + ")";
        }
      }
    }
    return "";
  }

  private void checkSupported(String key, RbinModule file) throws VmException {
    for (RbinModule.NativeImport imported : file.natives()) {
      throw imported.kind() == 0
          ? new VmException(
              VmErrorKind.NATIVE_LOAD_ERROR,
              loader.displayName(key)
                  + " imports native:"
                  + imported.module()
                  + ", which this VM does not have")
          : new VmException(
              VmErrorKind.CAPABILITY_NOT_FOUND,
              loader.displayName(key)
                  + " imports host:"
                  + imported.module()
                  + ", which nobody supplies here: only a VM that is made with a capability of that name (VmOptions of raya:vm) can run it");
    }
    long probes = 0;
    for (RbinModule.FunctionDef function : file.functions()) {
      for (InstructionCursor at = new InstructionCursor(function.code()); at.next(); ) {
        probes += at.opcode() == Opcode.PROBE ? 1 : 0;
        String missing = missing(at);
        if (missing != null) {
          throw new VmException(
              VmErrorKind.INVALID_BINARY_FORMAT,
              loader.displayName(key)
                  + ": function "
                  + function.name()
                  + " uses "
                  + missing
                  + ", which this VM (feature level 1, Tier 0) does not run yet");
        }
      }
    }
    if (file.meta().probeCount() < 0 || file.meta().probeCount() > probes) {
      // Each counter has its instruction; more would let a small file claim memory.
      throw new VmException(
          VmErrorKind.INVALID_BINARY_FORMAT,
          loader.displayName(key)
              + " claims "
              + file.meta().probeCount()
              + " coverage counters but uses "
              + probes);
    }
  }

  private static @Nullable String missing(InstructionCursor at) {
    Opcode opcode = at.opcode();
    return switch (opcode) {
      case REFLECT_TYPEOF,
          REFLECT_TYPEINFO,
          REFLECT_INSTANCEOF,
          REFLECT_GET_PROPS,
          REFLECT_GET_PROP,
          REFLECT_SET_PROP,
          REFLECT_HAS_PROP,
          REFLECT_CONSTRUCT,
          REFLECT_INVOKE,
          CHAN_SELECT,
          CALL_NATIVE ->
          opcode.mnemonic();
      case CALL_BUILTIN -> {
        Builtin builtin = Builtins.of((int) at.values(0)[0]);
        yield builtin == null || Interpreter.hasBuiltin(builtin.id())
            ? null
            : "the built-in " + builtin.name();
      }
      default -> null;
    };
  }

  // ---- initialisation

  /**
   * Returns the init functions of a module and all it depends on, dependencies first, without those
   * already returned.
   *
   * @param done the modules whose functions were returned before; added to
   */
  List<RFunction> initialisers(LinkedModule module, int index, Set<String> done)
      throws VmException {
    List<RFunction> order = new ArrayList<>();
    initialisers(module, index, done, order);
    return order;
  }

  private void initialisers(LinkedModule module, int index, Set<String> done, List<RFunction> order)
      throws VmException {
    if (!done.add(module.key + '\n' + index)) {
      return;
    }
    RbinModule.ModuleDef def = module.file.modules().get(index);
    for (int dependency : def.dependencies()) {
      if (dependency < 0) {
        List<ModuleLinker.Imported> imports =
            Objects.requireNonNull(importsOf.get(verifiedOf.get(module)));
        ModuleLinker.Imported imported =
            imports.get(dependency & ~RbinModule.ModuleDef.IMPORTED_DEPENDENCY);
        initialisers(imported.module(), moduleIndex(imported), done, order);
      } else {
        initialisers(module, dependency, done, order);
      }
    }
    if (def.init() >= 0) {
      order.add(module.functions[def.init()]);
    }
  }

  private int moduleIndex(ModuleLinker.Imported imported) throws VmException {
    int index = Linkage.moduleIndex(imported.module().file, imported.path());
    if (index < 0) {
      throw new VmException(
          VmErrorKind.INVALID_BINARY_FORMAT,
          loader.displayName(imported.module().key) + " has no module '" + imported.path() + "'");
    }
    return index;
  }
}

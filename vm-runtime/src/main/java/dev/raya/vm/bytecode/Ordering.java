package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinBuilder.FunctionEntry;
import dev.raya.vm.bytecode.RbinBuilder.GlobalEntry;
import dev.raya.vm.bytecode.RbinBuilder.MemberEntry;
import dev.raya.vm.bytecode.RbinBuilder.ModuleEntry;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The canonical order of a builder's modules, imports, classes, globals and functions. */
final class Ordering {
  final List<ModuleEntry> modules = new ArrayList<>();
  final List<Integer> imports = new ArrayList<>();
  final List<MemberEntry> members = new ArrayList<>();
  final List<Integer> localClasses = new ArrayList<>();
  final List<GlobalDef> localGlobals = new ArrayList<>();
  final List<FunctionBuilder> functions = new ArrayList<>();

  private final RbinBuilder builder;
  private final int[] moduleIndex;
  private final int[] importIndex;
  private final int[] classRef;
  private final Map<Integer, Integer> classHandle = new HashMap<>();
  private final int[] globalIndex;
  private final int[] functionIndex;
  private final IdentityHashMap<MemberEntry, Integer> memberIndex = new IdentityHashMap<>();
  private final List<MemberEntry> membersByHandle;

  Ordering(RbinBuilder builder) throws RbinException {
    this.builder = builder;
    this.moduleIndex = filled(builder.modules.size());
    this.importIndex = filled(builder.imports.size());
    this.classRef = filled(builder.classes.size());
    this.globalIndex = filled(builder.globals.size());
    this.functionIndex = filled(builder.functions.size());
    this.membersByHandle = new ArrayList<>(builder.members.values());
    orderModules();
    orderImports();
    orderClasses();
    orderGlobals();
    orderFunctions();
  }

  private static int[] filled(int size) {
    int[] array = new int[size];
    Arrays.fill(array, -1);
    return array;
  }

  int module(int handle) {
    return moduleIndex[handle];
  }

  int importIndex(int handle) {
    return importIndex[handle];
  }

  int classRef(int handle) {
    return handle == RbinBuilder.NONE ? ClassRef.NONE : classRef[handle];
  }

  int classHandle(int ref) {
    return classHandle.getOrDefault(ref, RbinBuilder.NONE);
  }

  int global(int handle) {
    return globalIndex[handle];
  }

  int function(int handle) {
    return functionIndex[handle];
  }

  MemberEntry memberOf(int handle) {
    return membersByHandle.get(handle);
  }

  int memberIndex(int handle) {
    return memberIndex.getOrDefault(membersByHandle.get(handle), -1);
  }

  ClassDef definition(int handle) {
    ClassDef definition = builder.classes.get(handle).local;
    if (definition == null) {
      throw new IllegalStateException("class " + handle + " is declared but not defined");
    }
    return definition;
  }

  /** Dependencies first, otherwise in the order of declaration. */
  private void orderModules() throws RbinException {
    int[] state = new int[builder.modules.size()];
    for (int handle = 0; handle < builder.modules.size(); handle++) {
      place(handle, state);
    }
  }

  private void place(int handle, int[] state) throws RbinException {
    if (state[handle] == 2) {
      return;
    }
    ModuleEntry module = builder.modules.get(handle);
    if (state[handle] == 1) {
      throw new RbinException(
          RbinErrorKind.IMPORT_CYCLE, "EXPT", -1, -1, "module " + module.path + " needs itself");
    }
    state[handle] = 1;
    for (int dependency : module.dependencies) {
      if ((dependency & ModuleDef.IMPORTED_DEPENDENCY) == 0) {
        place(dependency, state);
      }
    }
    state[handle] = 2;
    moduleIndex[handle] = modules.size();
    modules.add(module);
  }

  private void orderImports() {
    for (int handle = 0; handle < builder.imports.size(); handle++) {
      imports.add(handle);
    }
    imports.sort(Comparator.comparing(h -> builder.imports.get(h).specifier, Wtf8.ORDER));
    int classes = 0;
    for (int i = 0; i < imports.size(); i++) {
      int handle = imports.get(i);
      importIndex[handle] = i;
      List<MemberEntry> own = new ArrayList<>();
      for (MemberEntry member : membersByHandle) {
        if (member.importHandle == handle) {
          own.add(member);
        }
      }
      own.sort(
          Comparator.comparingInt((MemberEntry m) -> m.kind)
              .thenComparing(m -> m.name, Wtf8.ORDER));
      for (MemberEntry member : own) {
        memberIndex.put(member, members.size());
        members.add(member);
      }
    }
    IdentityHashMap<MemberEntry, Integer> refs = new IdentityHashMap<>();
    for (MemberEntry member : members) {
      if (member.kind == ExportKind.CLASS) {
        refs.put(member, ClassRef.imported(classes++));
      }
    }
    for (int handle = 0; handle < builder.classes.size(); handle++) {
      MemberEntry imported = builder.classes.get(handle).imported;
      if (imported != null) {
        setClass(handle, refs.getOrDefault(imported, ClassRef.NONE));
      }
    }
  }

  private void setClass(int handle, int ref) {
    classRef[handle] = ref;
    classHandle.put(ref, handle);
  }

  private void orderClasses() throws RbinException {
    boolean[] placed = new boolean[builder.classes.size()];
    for (int handle = 0; handle < placed.length; handle++) {
      List<Integer> chain = new ArrayList<>();
      int at = handle;
      while (at != RbinBuilder.NONE && builder.classes.get(at).imported == null && !placed[at]) {
        if (chain.contains(at)) {
          throw new RbinException(
              RbinErrorKind.BAD_CLASS, "CLAS", -1, -1, definition(at).name() + " extends itself");
        }
        chain.add(at);
        at = definition(at).parent();
      }
      for (int next : chain.reversed()) {
        placed[next] = true;
        setClass(next, localClasses.size());
        localClasses.add(next);
      }
    }
  }

  private void orderGlobals() {
    IdentityHashMap<MemberEntry, Integer> imported = numbers(ExportKind.CONSTANT);
    int next = imported.size();
    for (int handle = 0; handle < builder.globals.size(); handle++) {
      GlobalEntry entry = builder.globals.get(handle);
      if (entry.local() != null) {
        localGlobals.add(entry.local());
        globalIndex[handle] = next++;
      } else if (entry.imported() != null) {
        globalIndex[handle] = imported.getOrDefault(entry.imported(), -1);
      }
    }
  }

  private IdentityHashMap<MemberEntry, Integer> numbers(int kind) {
    IdentityHashMap<MemberEntry, Integer> numbers = new IdentityHashMap<>();
    for (MemberEntry member : members) {
      if (member.kind == kind) {
        numbers.put(member, numbers.size());
      }
    }
    return numbers;
  }

  /** Per module: init, exported by name, the others as declared; closures after their container. */
  private void orderFunctions() {
    IdentityHashMap<MemberEntry, Integer> imported = numbers(ExportKind.FUNCTION);
    Map<Integer, List<FunctionBuilder>> contained = new HashMap<>();
    List<List<FunctionBuilder>> roots = new ArrayList<>();
    for (int i = 0; i < modules.size(); i++) {
      roots.add(new ArrayList<>());
    }
    for (int handle = 0; handle < builder.functions.size(); handle++) {
      FunctionEntry entry = builder.functions.get(handle);
      FunctionBuilder function = entry.local();
      if (function == null) {
        functionIndex[handle] =
            entry.imported() == null ? -1 : imported.getOrDefault(entry.imported(), -1);
      } else if (function.container == RbinBuilder.NONE) {
        roots.get(moduleIndex[function.moduleHandle]).add(function);
      } else {
        contained.computeIfAbsent(function.container, c -> new ArrayList<>()).add(function);
      }
    }
    for (List<FunctionBuilder> list : roots) {
      list.sort(
          Comparator.comparingInt(Ordering::rank)
              .thenComparing(f -> rank(f) == 1 ? f.name : "", Wtf8.ORDER)
              .thenComparingInt(FunctionBuilder::handle));
      for (FunctionBuilder function : list) {
        placeWithClosures(function, contained, imported.size());
      }
    }
  }

  private static int rank(FunctionBuilder function) {
    if ((function.flags & FunctionDef.INIT) != 0) {
      return 0;
    }
    return (function.flags & FunctionDef.EXPORTED) != 0 ? 1 : 2;
  }

  private void placeWithClosures(
      FunctionBuilder function, Map<Integer, List<FunctionBuilder>> contained, int first) {
    functionIndex[function.handle()] = first + functions.size();
    functions.add(function);
    for (FunctionBuilder closure : contained.getOrDefault(function.handle(), List.of())) {
      placeWithClosures(closure, contained, first);
    }
  }
}

package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import dev.raya.vm.bytecode.RbinModule.SourceFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Puts a module together in any order and builds it in the canonical one ({@code rbin.md} 3). Every
 * {@code int} this class returns is a handle of its own space (types, classes, functions, globals,
 * imports, modules): the records given to it hold handles where the finished {@link RbinModule}
 * holds indices. Types and constants are interned; modules are ordered by dependency, classes after
 * their parents, functions as {@code rbin.md} 3.8 says, imports by specifier, members by (kind,
 * name), types and constants canonically.
 *
 * <p>Not thread-safe; one of the {@code build} methods may be called once.
 */
public final class RbinBuilder {
  /** Stands for a parent, owner, container or function that is absent. */
  public static final int NONE = -1;

  static final class ImportEntry {
    final String specifier;
    final String versionRange;
    final Sha256 interfaceDigest;

    ImportEntry(String specifier, String versionRange, Sha256 interfaceDigest) {
      this.specifier = specifier;
      this.versionRange = versionRange;
      this.interfaceDigest = interfaceDigest;
    }
  }

  /** An imported function, class, constant or type; {@code type} of a class is set later. */
  static final class MemberEntry {
    final int importHandle;
    final int kind;
    final String name;
    int type;

    MemberEntry(int importHandle, int kind, String name, int type) {
      this.importHandle = importHandle;
      this.kind = kind;
      this.name = name;
      this.type = type;
    }
  }

  record MemberKey(int importHandle, int kind, String name) {}

  /** A class: either imported, or local and defined later. */
  static final class ClassEntry {
    final @Nullable MemberEntry imported;
    @Nullable ClassDef local;

    ClassEntry(@Nullable MemberEntry imported) {
      this.imported = imported;
    }
  }

  record FunctionEntry(@Nullable MemberEntry imported, @Nullable FunctionBuilder local) {}

  record GlobalEntry(@Nullable MemberEntry imported, @Nullable GlobalDef local) {}

  record ExportEntry(String name, int kind, int flags, int grants, int target, int type) {}

  static final class ModuleEntry {
    final String path;
    final int flags;
    int init = NONE;
    final List<Integer> dependencies = new ArrayList<>();
    final List<ExportEntry> exports = new ArrayList<>();

    ModuleEntry(String path, int flags) {
      this.path = path;
      this.flags = flags;
    }
  }

  static final class NativeEntry {
    final int kind;
    final String module;
    final String abiRange;
    final String versionRange;
    final List<NativeMember> members = new ArrayList<>();

    NativeEntry(int kind, String module, String abiRange, String versionRange) {
      this.kind = kind;
      this.module = module;
      this.abiRange = abiRange;
      this.versionRange = versionRange;
    }
  }

  final Meta meta;
  final List<@Nullable RType> types = new ArrayList<>();
  private final Map<String, Integer> typeHandles = new HashMap<>();
  final List<Constant> constants = new ArrayList<>();
  private final Map<Constant, Integer> constantHandles = new HashMap<>();
  final List<ImportEntry> imports = new ArrayList<>();
  private final Map<String, Integer> importHandles = new HashMap<>();
  final Map<MemberKey, MemberEntry> members = new LinkedHashMap<>();
  private final Map<MemberKey, Integer> memberHandles = new HashMap<>();
  final List<ClassEntry> classes = new ArrayList<>();
  final List<FunctionEntry> functions = new ArrayList<>();
  final List<GlobalEntry> globals = new ArrayList<>();
  final List<ModuleEntry> modules = new ArrayList<>();
  final List<NativeEntry> natives = new ArrayList<>();
  final List<SourceFile> sources = new ArrayList<>();
  final List<RbinModule.ProbeLocation> probes = new ArrayList<>();
  @Nullable List<Decl> decls;
  @Nullable List<Doc> docs;
  int entry = NONE;
  int grants;
  int flags;

  /** A builder; {@code meta}'s grants and interface digest are worked out by {@link #build()}. */
  public RbinBuilder(Meta meta) {
    this.meta = meta;
    this.grants = meta.grants();
  }

  /** Interns a type. Predefined types have their own index as handle. */
  public int type(RType type) {
    if (type instanceof RType.Predefined predefined) {
      return predefined.index();
    }
    Integer known = typeHandles.get(TypeKey.of(type));
    if (known == null) {
      known = reserveType();
      defineType(known, type);
    }
    return known;
  }

  /** A type that is defined later, for types that contain themselves. */
  public int reserveType() {
    types.add(null);
    return PredefinedType.FIRST_STORED + types.size() - 1;
  }

  /** Defines a reserved type. */
  public void defineType(int handle, RType type) {
    int at = handle - PredefinedType.FIRST_STORED;
    if (types.get(at) != null) {
      throw new IllegalStateException("type " + handle + " is defined already");
    }
    types.set(at, type);
    typeHandles.putIfAbsent(TypeKey.of(type), handle);
  }

  /**
   * The type of a handle.
   *
   * @throws IllegalStateException if it is reserved and not yet defined
   */
  public RType typeOf(int handle) {
    if (handle < PredefinedType.FIRST_STORED) {
      return new RType.Predefined(handle);
    }
    RType type = types.get(handle - PredefinedType.FIRST_STORED);
    if (type == null) {
      throw new IllegalStateException("type " + handle + " is reserved but not defined");
    }
    return type;
  }

  /** A mutable array type. */
  public int arrayOf(int element) {
    return type(new RType.ArrayType(element, false));
  }

  /** A class type. */
  public int classType(int classHandle) {
    return type(new RType.ClassType(classHandle));
  }

  /** A function type without optional parameters. */
  public int functionType(List<Integer> params, int result) {
    return type(new RType.FunctionType(params, result));
  }

  /** The union of some types: flattened, without duplicates; a single member is itself. */
  public int unionOf(List<Integer> members) {
    TreeSet<Integer> flat = new TreeSet<>();
    for (int member : members) {
      if (typeOf(member) instanceof RType.UnionType union) {
        flat.addAll(union.members());
      } else if (member != PredefinedType.NEVER) {
        flat.add(member);
      }
    }
    if (flat.isEmpty()) {
      return PredefinedType.NEVER;
    }
    return flat.size() == 1 ? flat.first() : type(new RType.UnionType(List.copyOf(flat), ""));
  }

  /** {@code type | null}. */
  public int nullable(int type) {
    return unionOf(List.of(type, PredefinedType.NULL));
  }

  int constant(Constant constant) {
    Integer known = constantHandles.get(constant);
    if (known == null) {
      known = constants.size();
      constants.add(constant);
      constantHandles.put(constant, known);
    }
    return known;
  }

  /**
   * An imported module; the same specifier gives the same handle.
   *
   * @param interfaceDigest of the module compiled against, or {@link Sha256#ZERO}
   */
  public int importModule(String specifier, String versionRange, Sha256 interfaceDigest) {
    Integer known = importHandles.get(specifier);
    if (known == null) {
      known = imports.size();
      imports.add(new ImportEntry(specifier, versionRange, interfaceDigest));
      importHandles.put(specifier, known);
    }
    return known;
  }

  /** An imported function, as a function handle. */
  public int importFunction(int importHandle, String name, int type) {
    MemberKey key = new MemberKey(importHandle, ExportKind.FUNCTION, name);
    Integer known = memberHandles.get(key);
    if (known == null) {
      known = functions.size();
      functions.add(new FunctionEntry(member(key, type), null));
      memberHandles.put(key, known);
    }
    return known;
  }

  /** An imported constant, as a global handle. */
  public int importGlobal(int importHandle, String name, int type) {
    MemberKey key = new MemberKey(importHandle, ExportKind.CONSTANT, name);
    Integer known = memberHandles.get(key);
    if (known == null) {
      known = globals.size();
      globals.add(new GlobalEntry(member(key, type), null));
      memberHandles.put(key, known);
    }
    return known;
  }

  /** An imported class, as a class handle; give its shape with {@link #classShape}. */
  public int importClass(int importHandle, String name) {
    MemberKey key = new MemberKey(importHandle, ExportKind.CLASS, name);
    Integer known = memberHandles.get(key);
    if (known == null) {
      known = classes.size();
      classes.add(new ClassEntry(member(key, PredefinedType.NEVER)));
      memberHandles.put(key, known);
    }
    return known;
  }

  /** Sets the {@link ClassShape} record of an imported class. */
  public void classShape(int classHandle, int shapeType) {
    MemberEntry member = classes.get(classHandle).imported;
    if (member == null) {
      throw new IllegalArgumentException("class " + classHandle + " is not imported");
    }
    member.type = shapeType;
  }

  /** Names an imported type, so that the linker compares it. */
  public void importType(int importHandle, String name, int type) {
    member(new MemberKey(importHandle, ExportKind.TYPE, name), type);
  }

  private MemberEntry member(MemberKey key, int type) {
    return members.computeIfAbsent(
        key, k -> new MemberEntry(k.importHandle(), k.kind(), k.name(), type));
  }

  /** A module of the package; {@code path} as in {@code rbin.md} 3.10. */
  public int module(String path, boolean importable) {
    modules.add(new ModuleEntry(path, importable ? RbinModule.ModuleDef.IMPORTABLE : 0));
    return modules.size() - 1;
  }

  /** Makes a module depend on another one of the file; call in import order. */
  public void dependsOnModule(int module, int dependency) {
    addDependency(module, dependency);
  }

  /** Makes a module depend on an imported one; call in import order. */
  public void dependsOnImport(int module, int importHandle) {
    addDependency(module, RbinModule.ModuleDef.IMPORTED_DEPENDENCY | importHandle);
  }

  private void addDependency(int module, int dependency) {
    List<Integer> known = modules.get(module).dependencies;
    if (!known.contains(dependency)) {
      known.add(dependency);
    }
  }

  /**
   * Exports something under a name.
   *
   * @param kind one of {@link ExportKind}, not a re-export
   * @param target handle of the function, class, global or (for a type) the type
   */
  public void export(int module, String name, int kind, int target) {
    export(module, name, kind, target, 0, 0);
  }

  /** Exports with flags and grants. */
  public void export(int module, String name, int kind, int target, int exportFlags, int needs) {
    int type =
        switch (kind) {
          case ExportKind.FUNCTION -> functionTypeOf(target);
          case ExportKind.CONSTANT -> globalTypeOf(target);
          case ExportKind.TYPE -> target;
          case ExportKind.CLASS -> NONE; // the shape, made when all classes are known
          default -> throw new IllegalArgumentException("export kind " + kind);
        };
    modules.get(module).exports.add(new ExportEntry(name, kind, exportFlags, needs, target, type));
  }

  /** Exports an imported member under a name of this module. */
  public void reExport(int module, String name, int importHandle, int kind, String member) {
    MemberEntry entry = members.get(new MemberKey(importHandle, kind, member));
    if (entry == null) {
      throw new IllegalArgumentException(member + " is not imported");
    }
    int at = new ArrayList<>(members.values()).indexOf(entry);
    modules.get(module).exports.add(new ExportEntry(name, ExportKind.RE_EXPORT, 0, 0, at, NONE));
  }

  int functionTypeOf(int function) {
    FunctionEntry known = functions.get(function);
    if (known.local() != null) {
      return known.local().type;
    }
    return known.imported() == null ? NONE : known.imported().type;
  }

  private int globalTypeOf(int global) {
    GlobalEntry known = globals.get(global);
    if (known.local() != null) {
      return known.local().type();
    }
    return known.imported() == null ? NONE : known.imported().type;
  }

  /** A class to be defined later. */
  public int declareClass() {
    classes.add(new ClassEntry(null));
    return classes.size() - 1;
  }

  /**
   * Defines a declared class; all references in the record are handles, origin 1 + import handle.
   */
  public void defineClass(int classHandle, ClassDef definition) {
    classes.get(classHandle).local = definition;
  }

  /** A global or static; statics of one class must be declared in one run. */
  public int global(GlobalDef definition) {
    globals.add(new GlobalEntry(null, definition));
    return globals.size() - 1;
  }

  /** A function without owner class or containing function. */
  public FunctionBuilder function(int module, String name, int type, int functionFlags) {
    return function(module, name, type, functionFlags, NONE, NONE);
  }

  /**
   * A function. One with the flag INIT becomes its module's initialiser, one with ENTRY the entry
   * point.
   *
   * @param module module handle
   * @param type function type, without the receiver
   * @param functionFlags flags of {@link RbinModule.FunctionDef}
   * @param ownerClass class handle or {@link #NONE}
   * @param container handle of the function a closure stands in, or {@link #NONE}
   */
  public FunctionBuilder function(
      int module, String name, int type, int functionFlags, int ownerClass, int container) {
    int handle = functions.size();
    FunctionBuilder function =
        new FunctionBuilder(this, handle, module, name, type, functionFlags, ownerClass, container);
    functions.add(new FunctionEntry(null, function));
    if ((functionFlags & RbinModule.FunctionDef.INIT) != 0) {
      modules.get(module).init = handle;
    }
    if ((functionFlags & RbinModule.FunctionDef.ENTRY) != 0) {
      entry = handle;
    }
    return function;
  }

  /** A native module or capability; gives its handle. */
  public int nativeModule(int kind, String module, String abiRange, String versionRange) {
    natives.add(new NativeEntry(kind, module, abiRange, versionRange));
    return natives.size() - 1;
  }

  /** A member of the latest native module; gives the operand of CALL_NATIVE. */
  public int nativeMember(String name, int type, int memberFlags) {
    natives.getLast().members.add(new NativeMember(name, type, memberFlags));
    return natives.stream().mapToInt(n -> n.members.size()).sum() - 1;
  }

  /** A source file, for {@link FunctionBuilder#line}. */
  public int sourceFile(String packageRelativeName, Sha256 contentDigest) {
    sources.add(new SourceFile(packageRelativeName, contentDigest));
    return sources.size() - 1;
  }

  /** Adds a declaration or template; its module is a module handle. */
  public void decl(Decl decl) {
    if (decls == null) {
      decls = new ArrayList<>();
    }
    decls.add(decl);
  }

  /** Adds a doc comment; its module is a module handle. */
  public void doc(Doc doc) {
    if (docs == null) {
      docs = new ArrayList<>();
    }
    docs.add(doc);
  }

  /** Adds grants that imported functions need, beyond those of built-ins in the code. */
  public void requireGrants(int bits) {
    grants |= bits;
  }

  /** Sets OPTIMIZED or REFLECTION; the other flags follow from the content. */
  public void setFlags(int bits) {
    flags |= bits & (RbinModule.FLAG_OPTIMIZED | RbinModule.FLAG_REFLECTION);
  }

  /**
   * Builds the module.
   *
   * @throws RbinException if what was put together is not a valid module: a fault of the caller, or
   *     a limit
   * @throws IllegalStateException if something was declared and not defined
   */
  public RbinModule build() throws RbinException {
    return build(1);
  }

  /**
   * Builds the module.
   *
   * @param threads most threads at once; what is built does not depend on it
   * @throws RbinException if what was put together is not a valid module: a fault of the caller, or
   *     a limit
   * @throws IllegalStateException if something was declared and not defined
   */
  public RbinModule build(int threads) throws RbinException {
    return new ModuleAssembly(this, threads).assemble();
  }
}

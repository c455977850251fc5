package dev.raya.vm.bytecode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code .rbin} file as an immutable value, one component per section ({@code rbin.md} 3). Names
 * are strings; the constant pool still lists every one of them. All other references are indices as
 * in the file. What {@link RbinReader} returns is well-formed as bytes; whether it is a valid
 * program is the {@link Verifier}'s word.
 *
 * @param flags the header's flags, {@code FLAG_…}
 * @param minVm lowest VM feature level that can run it
 * @param meta identity
 * @param constants the pool, entry 0 the empty string
 * @param types stored types; the first has index {@link PredefinedType#FIRST_STORED}
 * @param imports imported modules
 * @param natives native modules and capabilities
 * @param classes local classes
 * @param globals local globals and statics
 * @param functions local functions
 * @param entry index of {@code main} among all functions (imports first), or -1
 * @param modules modules of the package with their exports, dependencies first
 * @param decls declarations and templates, null if the section is absent
 * @param docs doc comments, null if the section is absent
 * @param debug debug information, null if the section is absent
 */
public record RbinModule(
    int flags,
    int minVm,
    Meta meta,
    List<Constant> constants,
    List<RType> types,
    List<Import> imports,
    List<NativeImport> natives,
    List<ClassDef> classes,
    List<GlobalDef> globals,
    List<FunctionDef> functions,
    int entry,
    List<ModuleDef> modules,
    @Nullable List<Decl> decls,
    @Nullable List<Doc> docs,
    @Nullable DebugData debug) {

  public static final int FLAG_ENTRY = 1;
  public static final int FLAG_DEBUG = 2;
  public static final int FLAG_OPTIMIZED = 4;
  public static final int FLAG_EXPORTS = 8;
  public static final int FLAG_REFLECTION = 16;
  public static final int FLAG_NATIVE = 32;
  public static final int FLAG_COVERAGE = 64;

  public RbinModule {
    constants = List.copyOf(constants);
    types = List.copyOf(types);
    imports = List.copyOf(imports);
    natives = List.copyOf(natives);
    classes = List.copyOf(classes);
    globals = List.copyOf(globals);
    functions = List.copyOf(functions);
    modules = List.copyOf(modules);
    decls = decls == null ? null : List.copyOf(decls);
    docs = docs == null ? null : List.copyOf(docs);
  }

  /** This module with another META. */
  public RbinModule withMeta(Meta other) {
    return new RbinModule(
        flags, minVm, other, constants, types, imports, natives, classes, globals, functions, entry,
        modules, decls, docs, debug);
  }

  /** This module with other definitions of the same functions. */
  RbinModule withFunctions(List<FunctionDef> others) {
    return new RbinModule(
        flags, minVm, meta, constants, types, imports, natives, classes, globals, others, entry,
        modules, decls, docs, debug);
  }

  /** This module with debug data; the flag follows. */
  public RbinModule withDebug(@Nullable DebugData other) {
    int changed = other == null ? flags & ~FLAG_DEBUG : flags | FLAG_DEBUG;
    return new RbinModule(
        changed, minVm, meta, constants, types, imports, natives, classes, globals, functions,
        entry, modules, decls, docs, other);
  }

  /** The type with that index, predefined or stored. */
  public RType type(int index) {
    return index < PredefinedType.FIRST_STORED
        ? new RType.Predefined(index)
        : types.get(index - PredefinedType.FIRST_STORED);
  }

  /** The debug data of a local function, or null. */
  public @Nullable FunctionDebug debugOf(int function) {
    return debug == null ? null : debug.functions().get(function);
  }

  /**
   * META.
   *
   * @param packageName empty for code outside any package
   * @param version semver text, empty for a local module
   * @param module package-relative path, empty for a whole package
   * @param compiler name and version
   * @param grants bits of {@link Capabilities}
   * @param strippedFrom digest of the file that was stripped, or zero
   */
  public record Meta(
      String packageName,
      String version,
      String module,
      String compiler,
      int languageLevel,
      int probeCount,
      int grants,
      Sha256 interfaceDigest,
      Sha256 sourceDigest,
      Sha256 strippedFrom) {}

  /** An imported module. */
  public record Import(
      String specifier, String versionRange, Sha256 interfaceDigest, List<ImportMember> members) {
    public Import {
      members = List.copyOf(members);
    }
  }

  /**
   * An imported member. {@code type} is the function's or constant's type, the {@link ClassShape}
   * record of a class, the type itself for kind TYPE.
   *
   * @param kind one of {@link ExportKind}, + 16 for an internal member
   */
  public record ImportMember(int kind, String name, int type) {
    public static final int INTERNAL = 16;

    /** The kind without the internal bit. */
    public int baseKind() {
      return kind & ~INTERNAL;
    }
  }

  /** Kinds of imports and exports. */
  public static final class ExportKind {
    public static final int FUNCTION = 0;
    public static final int CLASS = 1;
    public static final int CONSTANT = 2;
    public static final int TYPE = 3;
    public static final int RE_EXPORT = 4;

    private ExportKind() {}
  }

  /** A native module (kind 0) or a {@code host:} capability (kind 1). */
  public record NativeImport(
      int kind,
      String module,
      String abiRange,
      String moduleVersionRange,
      List<NativeMember> members) {
    public NativeImport {
      members = List.copyOf(members);
    }
  }

  /** A function of a native module. */
  public record NativeMember(String name, int type, int flags) {
    public static final int MAY_BLOCK = 1;
    public static final int PURE = 2;
  }

  /**
   * A class.
   *
   * @param parent a {@link ClassRef}
   * @param fields own fields in declaration order; numbers run over the parent's first
   * @param constructor function index or -1
   * @param vtable complete, inherited slots first
   * @param interfaces implemented interface types, ascending
   * @param origin 0, or 1 + index of the import that has the template
   * @param staticBase index of the first static among all globals; 0 if there is none
   */
  public record ClassDef(
      String name,
      int parent,
      int flags,
      List<FieldDef> fields,
      int constructor,
      List<Slot> vtable,
      List<Integer> interfaces,
      List<Integer> typeArguments,
      int origin,
      int staticBase,
      int staticCount) {
    public static final int EXPORTED = 1;
    public static final int ERROR = 2;
    public static final int FINAL = 4;
    public static final int INSTANCE = 8;

    public ClassDef {
      fields = List.copyOf(fields);
      vtable = List.copyOf(vtable);
      interfaces = List.copyOf(interfaces);
      typeArguments = List.copyOf(typeArguments);
    }
  }

  /** A field of a class. */
  public record FieldDef(String name, int type, int flags) {
    public static final int READ_ONLY = 1;
    public static final int PRIVATE = 2;
    public static final int NEEDS_ASSIGNMENT = 4;

    /** Of a field that code of derived classes uses as well; display and JSON leave it out. */
    public static final int PROTECTED = 8;

    /** Whether display and JSON leave a field with these flags out. */
    public static boolean isHidden(int flags) {
      return (flags & (PRIVATE | PROTECTED)) != 0;
    }
  }

  /** A vtable slot; the function of an abstract method has the code {@code TRAP Unreachable}. */
  public record Slot(String name, int function) {}

  /** A global or static. */
  public record GlobalDef(String name, int type, int flags) {
    public static final int CONSTANT = 1;
    public static final int EXPORTED = 2;
    public static final int STATIC = 4;
  }

  /**
   * A function.
   *
   * @param type the function type, receiver not included
   * @param paramCount parameters, the receiver and a rest array included
   * @param localTypes types of all locals, the parameters first
   * @param ownerClass index in CLAS or -1
   * @param maxStack deepest operand stack, in values
   * @param cost number of instructions
   */
  public record FunctionDef(
      String name,
      int type,
      int flags,
      int paramCount,
      List<Integer> localTypes,
      List<Integer> captureTypes,
      int ownerClass,
      int maxStack,
      int cost,
      Code code,
      List<Handler> handlers,
      List<StackMap> stackMaps) {
    public static final int ASYNC = 1;
    public static final int EXPORTED = 2;
    public static final int ENTRY = 4;
    public static final int CONSTRUCTOR = 8;
    public static final int METHOD = 16;
    public static final int STATIC = 32;
    public static final int CLOSURE = 64;
    public static final int INIT = 128;
    public static final int NO_INLINE = 512;

    public FunctionDef {
      localTypes = List.copyOf(localTypes);
      captureTypes = List.copyOf(captureTypes);
      handlers = List.copyOf(handlers);
      stackMaps = List.copyOf(stackMaps);
    }

    /** Whether local 0 is a receiver. */
    public boolean hasReceiver() {
      return (flags & (CONSTRUCTOR | METHOD)) != 0;
    }
  }

  /** A protected range; offsets in the function, {@code end} exclusive; -1 catches everything. */
  public record Handler(int start, int end, int target, int catchClass) {}

  /**
   * The declared operand stack at a jump target, bottom first; bit 31 marks an unfilled literal.
   */
  public record StackMap(int offset, List<Integer> types) {
    public static final int UNFILLED = 0x8000_0000;

    public StackMap {
      types = List.copyOf(types);
    }
  }

  /**
   * A module of the package.
   *
   * @param init function index or -1
   * @param dependencies module index, or bit 31 plus an import's index
   */
  public record ModuleDef(
      String path, int flags, int init, List<Integer> dependencies, List<Export> exports) {
    public static final int IMPORTABLE = 1;
    public static final int IMPORTED_DEPENDENCY = 0x8000_0000;

    public ModuleDef {
      dependencies = List.copyOf(dependencies);
      exports = List.copyOf(exports);
    }
  }

  /**
   * An export.
   *
   * @param kind one of {@link ExportKind}
   * @param flags bit 0 internal
   * @param grants what calling it needs
   * @param target function, class or global index; for a type the type; for a re-export the number
   *     of the import member, counted over IMPT
   * @param type as {@link ImportMember#type}
   */
  public record Export(String name, int kind, int flags, int grants, int target, int type) {
    public static final int INTERNAL = 1;
  }

  /** A declaration (kind 0) or template (kind 1) of an export. */
  public record Decl(
      int module, String name, int kind, int line, String text, List<FreeName> freeNames) {
    public Decl {
      freeNames = List.copyOf(freeNames);
    }
  }

  /** A name a declaration's text uses: kind 0 of this file, 1 of an import, 2 another decl. */
  public record FreeName(String local, int kind, int module, String name) {}

  /** A doc comment of an export. */
  public record Doc(int module, String name, String text) {}

  /** DBGI. */
  public record DebugData(
      List<SourceFile> files, List<FunctionDebug> functions, List<ProbeLocation> probes) {
    public DebugData {
      files = List.copyOf(files);
      functions = List.copyOf(functions);
      probes = List.copyOf(probes);
    }
  }

  /** A source, package-relative. */
  public record SourceFile(String file, Sha256 contentDigest) {}

  /** Debug data of one function. */
  public record FunctionDebug(
      List<LineEntry> lines, List<LocalName> locals, List<InlinedCall> inlined) {
    public FunctionDebug {
      lines = List.copyOf(lines);
      locals = List.copyOf(locals);
      inlined = List.copyOf(inlined);
    }
  }

  /** Where a statement starts; line and column count from 1. */
  public record LineEntry(int offset, int file, int line, int column) {}

  /** The name of a local within a range of offsets. */
  public record LocalName(int local, int start, int end, String name) {}

  /** Code that came from another function. */
  public record InlinedCall(int offset, int function, int line) {}

  /** Where a coverage counter is: kind 0 line, 1 branch, 2 function. */
  public record ProbeLocation(int probe, int file, int line, int endLine, int kind) {}
}

package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.FunctionBuilder.Emitted;
import dev.raya.vm.bytecode.RbinBuilder.ExportEntry;
import dev.raya.vm.bytecode.RbinBuilder.ModuleEntry;
import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.DebugData;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FreeName;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@link RbinBuilder#build()}: puts everything in canonical order, numbers types and
 * constants, lays the code out, and lets {@link CodeChecker} work out what the code generator was
 * not asked for. If the stack maps that this gives name types that have no number yet, or change
 * the order in which types are met, everything is laid out once more.
 */
final class ModuleAssembly {
  /** Functions that a thread takes at once. */
  private static final int PORTION = 64;

  private final RbinBuilder builder;
  private final Ordering order;
  private final ClassShape shapes;
  private final int threads;
  private final int[][] laidOut;
  private List<Integer> storedTypes = List.of();
  private int[] typeNumbers = new int[0];
  private int[] representative = new int[0];
  private ConstantPool pool = new ConstantPool();

  ModuleAssembly(RbinBuilder builder, int threads) throws RbinException {
    this.builder = builder;
    this.threads = threads;
    this.order = new Ordering(builder);
    List<Integer> exportedClasses = new ArrayList<>();
    for (ModuleEntry module : builder.modules) {
      for (ExportEntry export : module.exports) {
        if (export.kind() == ExportKind.CLASS) {
          exportedClasses.add(export.target());
        }
      }
    }
    this.shapes = new ClassShape(builder, exportedClasses);
    this.laidOut = new int[builder.functions.size()][];
  }

  RbinModule assemble() throws RbinException {
    for (FunctionBuilder function : order.functions) {
      function.finish();
    }
    List<List<Export>> exports = shapeExports();
    number(exports);
    RbinModule module = layOut(exports, null);
    Verifier.checkTables(module);
    List<CodeChecker.Inferred> inferred = infer(module);
    if (numbersStay(exports)) {
      module = module.withFunctions(counted(module, inferred));
    } else {
      module = layOut(exports, inferred);
    }
    Sha256 digest = InterfaceDigest.of(module);
    return Verifier.verify(withInterfaceDigest(module, digest)).module();
  }

  /** The exports of each module in order, types and targets still handles. */
  private List<List<Export>> shapeExports() {
    List<List<Export>> all = new ArrayList<>();
    for (ModuleEntry module : order.modules) {
      List<Export> exports = new ArrayList<>();
      for (ExportEntry export : module.exports) {
        int type =
            switch (export.kind()) {
              case ExportKind.CLASS -> shapes.of(export.target());
              case ExportKind.RE_EXPORT -> order.memberOf(export.target()).type;
              default -> export.type();
            };
        exports.add(
            new Export(
                export.name(),
                export.kind(),
                export.flags(),
                export.grants(),
                export.target(),
                type));
      }
      exports.sort(Comparator.comparing(Export::name, Wtf8.ORDER).thenComparing(Export::kind));
      all.add(exports);
    }
    return all;
  }

  private void number(List<List<Export>> exports) {
    int count = PredefinedType.FIRST_STORED + builder.types.size();
    representative = new TypeMerging(builder).representatives();
    typeNumbers = new int[count];
    List<Integer> met = new ArrayList<>();
    for (int root : roots(exports)) {
      TypeOrder.walk(
          representative[root],
          t -> TypeOrder.map(builder.typeOf(t), c -> representative[c], r -> r),
          typeNumbers,
          met);
    }
    storedTypes = met;
    pool = new ConstantPool();
    pool.add(new Constant.Str(""));
  }

  /** Numbers the types again, stack maps included; whether all come out as they were. */
  private boolean numbersStay(List<List<Export>> exports) {
    boolean named = false;
    for (FunctionBuilder function : order.functions) {
      for (List<Integer> map : function.maps.values()) {
        for (int type : map) {
          named |= (type & ~StackMap.UNFILLED) >= PredefinedType.FIRST_STORED;
        }
      }
    }
    if (!named) {
      return true;
    }
    List<Integer> types = storedTypes;
    int[] merged = representative;
    number(exports);
    return storedTypes.equals(types)
        && Arrays.equals(merged, Arrays.copyOf(representative, merged.length));
  }

  /** The functions of a module laid out without counts and maps, with these. */
  private List<FunctionDef> counted(RbinModule module, List<CodeChecker.Inferred> inferred) {
    List<FunctionDef> functions = new ArrayList<>(inferred.size());
    for (int i = 0; i < inferred.size(); i++) {
      FunctionDef f = module.functions().get(i);
      List<StackMap> maps = CodeLayout.maps(order.functions.get(i), laidOut[i], this);
      functions.add(
          new FunctionDef(
              f.name(),
              f.type(),
              f.flags(),
              f.paramCount(),
              f.localTypes(),
              f.captureTypes(),
              f.ownerClass(),
              inferred.get(i).maxStack(),
              f.cost(),
              f.code(),
              f.handlers(),
              maps));
    }
    return functions;
  }

  /** The type handles that sections name, in the order of the canonical walk. */
  private List<Integer> roots(List<List<Export>> exports) {
    List<Integer> roots = new ArrayList<>();
    for (FunctionBuilder function : order.functions) {
      roots.add(function.type);
      roots.addAll(function.localTypes);
      roots.addAll(function.captureTypes);
      for (List<Integer> map : function.maps.values()) {
        for (int type : map) {
          roots.add(type & ~StackMap.UNFILLED);
        }
      }
      for (Emitted emitted : function.code) {
        if (emitted.opcode().has(Operand.TYPE)) {
          List<Operand> operands = emitted.opcode().operands();
          for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i) == Operand.TYPE) {
              roots.add((int) emitted.operands()[i]);
            }
          }
        }
      }
    }
    for (int handle : order.localClasses) {
      ClassDef definition = order.definition(handle);
      for (FieldDef field : definition.fields()) {
        roots.add(field.type());
      }
      roots.addAll(definition.interfaces());
      roots.addAll(definition.typeArguments());
    }
    for (GlobalDef global : order.localGlobals) {
      roots.add(global.type());
    }
    for (List<Export> list : exports) {
      for (Export export : list) {
        roots.add(export.type());
      }
    }
    for (RbinBuilder.MemberEntry member : order.members) {
      roots.add(member.type);
    }
    for (RbinBuilder.NativeEntry entry : builder.natives) {
      for (NativeMember member : entry.members) {
        roots.add(member.type());
      }
    }
    return roots;
  }

  int type(int handle) {
    if (handle < 0) {
      return type(handle & ~StackMap.UNFILLED) | StackMap.UNFILLED;
    }
    int merged = representative[handle];
    return merged < PredefinedType.FIRST_STORED ? merged : typeNumbers[merged];
  }

  private List<Integer> types(List<Integer> handles) {
    List<Integer> mapped = new ArrayList<>(handles.size());
    for (int handle : handles) {
      mapped.add(type(handle));
    }
    return mapped;
  }

  private String text(String value) {
    pool.add(new Constant.Str(value));
    return value;
  }

  private RbinModule layOut(
      List<List<Export>> exports, @Nullable List<CodeChecker.Inferred> inferred)
      throws RbinException {
    Meta meta = builder.meta;
    text(meta.packageName());
    text(meta.version());
    text(meta.module());
    text(meta.compiler());
    List<RType> types = storedTypes();
    List<Import> imports = imports();
    List<NativeImport> natives = natives();
    List<ClassDef> classes = classes();
    List<GlobalDef> globals = new ArrayList<>();
    for (GlobalDef global : order.localGlobals) {
      globals.add(new GlobalDef(text(global.name()), type(global.type()), global.flags()));
    }
    List<ModuleDef> modules = modules(exports);
    List<Decl> decls = decls();
    List<Doc> docs = docs();
    boolean hasDebug = !builder.sources.isEmpty();
    for (FunctionBuilder function : order.functions) {
      text(function.name);
      function.localNames.forEach(local -> text(local.name()));
      function.constantOperands(handle -> pool.add(builder.constants.get(handle)));
    }
    builder.sources.forEach(source -> text(source.file()));
    pool.freeze();
    CodeLayout layout = new CodeLayout(this, order, pool, builder);
    CodeLayout.Result[] results = new CodeLayout.Result[order.functions.size()];
    eachFunction(
        () ->
            i -> {
              CodeChecker.Inferred counts = inferred == null ? null : inferred.get(i);
              results[i] = layout.layOut(order.functions.get(i), counts);
            });
    List<FunctionDef> functions = new ArrayList<>(results.length);
    List<FunctionDebug> debug = new ArrayList<>(results.length);
    for (int i = 0; i < results.length; i++) {
      functions.add(results[i].function());
      debug.add(results[i].debug());
      laidOut[i] = results[i].offsets();
    }
    int entry = builder.entry == RbinBuilder.NONE ? -1 : order.function(builder.entry);
    return new RbinModule(
        flags(exports, hasDebug),
        RbinFormat.FEATURE_LEVEL,
        withGrants(meta),
        pool.constants(),
        types,
        imports,
        natives,
        classes,
        globals,
        functions,
        entry,
        modules,
        decls,
        docs,
        hasDebug ? new DebugData(builder.sources, debug, builder.probes) : null);
  }

  private int flags(List<List<Export>> exports, boolean hasDebug) {
    int flags = builder.flags;
    flags |= builder.entry == RbinBuilder.NONE ? 0 : RbinModule.FLAG_ENTRY;
    flags |= hasDebug ? RbinModule.FLAG_DEBUG : 0;
    flags |= exports.stream().allMatch(List::isEmpty) ? 0 : RbinModule.FLAG_EXPORTS;
    flags |= builder.natives.isEmpty() ? 0 : RbinModule.FLAG_NATIVE;
    flags |= builder.meta.probeCount() == 0 ? 0 : RbinModule.FLAG_COVERAGE;
    return flags;
  }

  private Meta withGrants(Meta meta) {
    int grants = builder.grants;
    for (FunctionBuilder function : order.functions) {
      for (Emitted emitted : function.code) {
        if (emitted.opcode() == Opcode.CALL_BUILTIN) {
          Builtin builtin = Builtins.of((int) emitted.operands()[0]);
          grants |= builtin == null ? 0 : builtin.grants();
        }
      }
    }
    return new Meta(
        meta.packageName(),
        meta.version(),
        meta.module(),
        meta.compiler(),
        meta.languageLevel(),
        meta.probeCount(),
        grants,
        Sha256.ZERO,
        meta.sourceDigest(),
        meta.strippedFrom());
  }

  private static RbinModule withInterfaceDigest(RbinModule module, Sha256 digest) {
    Meta meta = module.meta();
    Meta finished =
        new Meta(
            meta.packageName(),
            meta.version(),
            meta.module(),
            meta.compiler(),
            meta.languageLevel(),
            meta.probeCount(),
            meta.grants(),
            digest,
            meta.sourceDigest(),
            meta.strippedFrom());
    return module.withMeta(finished);
  }

  private List<RType> storedTypes() {
    List<RType> types = new ArrayList<>();
    for (int handle : storedTypes) {
      RType type = TypeOrder.map(builder.typeOf(handle), this::type, order::classRef);
      types.add(type);
      switch (type) {
        case RType.InterfaceType i -> textProperties(i.name(), i.properties());
        case RType.ObjectType o -> textProperties(o.name(), o.properties());
        case RType.UnionType u -> text(u.discriminant());
        case RType.StringLiteral literal -> text(literal.value());
        default -> {}
      }
    }
    return types;
  }

  private void textProperties(String name, List<RType.Property> properties) {
    text(name);
    properties.forEach(property -> text(property.name()));
  }

  private List<Import> imports() {
    List<Import> imports = new ArrayList<>();
    for (int handle : order.imports) {
      RbinBuilder.ImportEntry entry = builder.imports.get(handle);
      List<ImportMember> members = new ArrayList<>();
      for (RbinBuilder.MemberEntry member : order.members) {
        if (member.importHandle == handle) {
          members.add(new ImportMember(member.kind, text(member.name), type(member.type)));
        }
      }
      imports.add(
          new Import(
              text(entry.specifier), text(entry.versionRange), entry.interfaceDigest, members));
    }
    return imports;
  }

  private List<NativeImport> natives() {
    List<NativeImport> natives = new ArrayList<>();
    for (RbinBuilder.NativeEntry entry : builder.natives) {
      List<NativeMember> members = new ArrayList<>();
      for (NativeMember member : entry.members) {
        members.add(new NativeMember(text(member.name()), type(member.type()), member.flags()));
      }
      natives.add(
          new NativeImport(
              entry.kind,
              text(entry.module),
              text(entry.abiRange),
              text(entry.versionRange),
              members));
    }
    return natives;
  }

  private List<ClassDef> classes() {
    List<ClassDef> classes = new ArrayList<>();
    for (int handle : order.localClasses) {
      ClassDef definition = order.definition(handle);
      List<FieldDef> fields = new ArrayList<>();
      for (FieldDef field : definition.fields()) {
        fields.add(new FieldDef(text(field.name()), type(field.type()), field.flags()));
      }
      List<Slot> vtable = new ArrayList<>();
      for (Slot slot : definition.vtable()) {
        vtable.add(new Slot(text(slot.name()), order.function(slot.function())));
      }
      int constructor = definition.constructor();
      classes.add(
          new ClassDef(
              text(definition.name()),
              order.classRef(definition.parent()),
              definition.flags(),
              fields,
              constructor == RbinBuilder.NONE ? -1 : order.function(constructor),
              vtable,
              types(definition.interfaces()).stream().sorted().toList(),
              types(definition.typeArguments()),
              definition.origin() == 0 ? 0 : 1 + order.importIndex(definition.origin() - 1),
              definition.staticCount() == 0 ? 0 : order.global(definition.staticBase()),
              definition.staticCount()));
    }
    return classes;
  }

  private List<ModuleDef> modules(List<List<Export>> exports) {
    List<ModuleDef> modules = new ArrayList<>();
    for (int i = 0; i < order.modules.size(); i++) {
      ModuleEntry module = order.modules.get(i);
      List<Integer> dependencies = new ArrayList<>();
      for (int dependency : module.dependencies) {
        dependencies.add(
            dependency < 0
                ? order.importIndex(dependency & ~ModuleDef.IMPORTED_DEPENDENCY)
                    | ModuleDef.IMPORTED_DEPENDENCY
                : order.module(dependency));
      }
      List<Export> mapped = new ArrayList<>();
      for (Export export : exports.get(i)) {
        int target =
            switch (export.kind()) {
              case ExportKind.FUNCTION -> order.function(export.target());
              case ExportKind.CLASS -> order.classRef(export.target());
              case ExportKind.CONSTANT -> order.global(export.target());
              case ExportKind.TYPE -> type(export.target());
              default -> order.memberIndex(export.target());
            };
        mapped.add(
            new Export(
                text(export.name()),
                export.kind(),
                export.flags(),
                export.grants(),
                target,
                type(export.type())));
      }
      int init = module.init == RbinBuilder.NONE ? -1 : order.function(module.init);
      modules.add(new ModuleDef(text(module.path), module.flags, init, dependencies, mapped));
    }
    return modules;
  }

  private @Nullable List<Decl> decls() {
    if (builder.decls == null) {
      return null;
    }
    List<Decl> decls = new ArrayList<>();
    for (Decl decl : builder.decls) {
      List<FreeName> names = new ArrayList<>();
      for (FreeName name : decl.freeNames()) {
        int target =
            name.kind() == 0
                ? order.module(name.module())
                : name.kind() == 1 ? order.importIndex(name.module()) : name.module();
        names.add(new FreeName(text(name.local()), name.kind(), target, text(name.name())));
      }
      names.sort(Comparator.comparing(FreeName::local, Wtf8.ORDER));
      decls.add(
          new Decl(
              order.module(decl.module()),
              text(decl.name()),
              decl.kind(),
              decl.line(),
              text(decl.text()),
              names));
    }
    decls.sort(Comparator.comparingInt(Decl::module).thenComparing(Decl::name, Wtf8.ORDER));
    return decls;
  }

  private @Nullable List<Doc> docs() {
    if (builder.docs == null) {
      return null;
    }
    List<Doc> docs = new ArrayList<>();
    for (Doc doc : builder.docs) {
      docs.add(new Doc(order.module(doc.module()), text(doc.name()), text(doc.text())));
    }
    docs.sort(Comparator.comparingInt(Doc::module).thenComparing(Doc::name, Wtf8.ORDER));
    return docs;
  }

  /**
   * Works out maxStack, cost and maps of every function, and notes the maps, as handles, with the
   * functions that came without.
   */
  private List<CodeChecker.Inferred> infer(RbinModule module) throws RbinException {
    int count = module.functions().size();
    CodeChecker.Inferred[] found = new CodeChecker.Inferred[count];
    TypeSpace[] spaces = new TypeSpace[count];
    eachFunction(
        () -> {
          TypeSpace types = new TypeSpace(module);
          ModuleSymbols symbols = new ModuleSymbols(module, types);
          Assignability assignability = new Assignability(symbols);
          BuiltinTyping builtins = new BuiltinTyping(symbols);
          return i -> {
            CodeChecker.Inferred given = order.functions.get(i).given;
            found[i] =
                given == null ? CodeChecker.infer(symbols, assignability, builtins, i) : given;
            spaces[i] = types;
          };
        });
    List<Integer> stored = storedTypes;
    for (int i = 0; i < count; i++) {
      FunctionBuilder function = order.functions.get(i);
      if (function.given == null) {
        for (StackMap map : found[i].maps()) {
          List<Integer> handles = new ArrayList<>();
          for (int type : map.types()) {
            int unfilled = type & StackMap.UNFILLED;
            handles.add(handleOf(type & ~StackMap.UNFILLED, spaces[i], stored) | unfilled);
          }
          function.maps.put(Arrays.binarySearch(laidOut[i], map.offset()), handles);
        }
      }
    }
    return List.of(found);
  }

  /** Runs jobs whose pieces are the functions by number, in portions. */
  private void eachFunction(Supplier<Parallel.Job<RbinException>> jobs) throws RbinException {
    int count = order.functions.size();
    Parallel.run(
        threads,
        (count + PORTION - 1) / PORTION,
        () -> {
          Parallel.Job<RbinException> job = jobs.get();
          return portion -> {
            int end = Math.min(count, (portion + 1) * PORTION);
            for (int i = portion * PORTION; i < end; i++) {
              job.run(i);
            }
          };
        });
  }

  /** The builder's handle of a type of the module laid out first, made types included. */
  private int handleOf(int type, TypeSpace types, List<Integer> stored) {
    if (type < PredefinedType.FIRST_STORED) {
      return type;
    }
    if (types.isStored(type)) {
      return stored.get(type - PredefinedType.FIRST_STORED);
    }
    return builder.type(
        TypeOrder.map(types.type(type), part -> handleOf(part, types, stored), order::classHandle));
  }
}

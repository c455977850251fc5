package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.ExportKind;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FreeName;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.LineEntry;
import dev.raya.vm.bytecode.RbinModule.LocalName;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinModule.SourceFile;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Links module files of one package into the package's {@code module.rbin} ({@code rbin.md} 3.1):
 * imports of a module of the package become references within the file, all else is merged and
 * renumbered canonically, grants are united. The inputs are verified modules, each with one module
 * in EXPT; an import whose specifier is the path of another input is within the package.
 */
public final class RbinLinker {
  private final RbinBuilder builder;
  private final List<Input> inputs = new ArrayList<>();
  private final Map<String, Input> byPath = new HashMap<>();

  /** One module file and the handles its indices have become. */
  private static final class Input {
    final VerifiedModule verified;
    final RbinModule module;
    final ModuleDef definition;
    final int moduleHandle;
    int[] importHandles = new int[0];
    int[] types = new int[0];
    int[] classes = new int[0];
    int[] importedClasses = new int[0];
    int[] functions = new int[0];
    int[] globals = new int[0];
    int firstNative;
    int firstSource;
    @Nullable FunctionBuilder[] builders = new FunctionBuilder[0];

    Input(VerifiedModule verified, int moduleHandle) {
      this.verified = verified;
      this.module = verified.module();
      this.definition = module.modules().getFirst();
      this.moduleHandle = moduleHandle;
    }
  }

  private RbinLinker(Meta meta) {
    builder = new RbinBuilder(meta);
  }

  /**
   * Links modules.
   *
   * @param meta identity of the package; its module path is empty
   * @param modules the module files
   * @throws RbinException ImportCycle, MissingImport or SignatureMismatch between the modules, or a
   *     limit
   */
  public static RbinModule link(Meta meta, List<VerifiedModule> modules) throws RbinException {
    RbinLinker linker = new RbinLinker(meta);
    for (VerifiedModule module : modules) {
      linker.add(module);
    }
    return linker.link();
  }

  private void add(VerifiedModule verified) throws RbinException {
    ModuleDef definition = verified.module().modules().getFirst();
    if (verified.module().modules().size() != 1 || byPath.containsKey(definition.path())) {
      throw fail(RbinErrorKind.BAD_EXPORT, "module " + definition.path() + " cannot be linked");
    }
    boolean importable = (definition.flags() & ModuleDef.IMPORTABLE) != 0;
    Input input = new Input(verified, builder.module(definition.path(), importable));
    inputs.add(input);
    byPath.put(definition.path(), input);
  }

  private static RbinException fail(RbinErrorKind kind, String detail) {
    return new RbinException(kind, "link", -1, -1, detail);
  }

  private RbinModule link() throws RbinException {
    Linkage linkage = new Linkage(this::provider);
    for (Input input : inputs) {
      requireImports(linkage, input);
      builder.requireGrants(input.module.meta().grants());
      builder.setFlags(input.module.flags());
    }
    for (Input input : inputs) {
      declare(input);
    }
    for (Input input : inputs) {
      bindImports(linkage, input);
    }
    for (Input input : inputs) {
      defineTypes(input);
    }
    for (Input input : inputs) {
      defineTables(input);
    }
    for (Input input : inputs) {
      defineFunctions(input);
      exports(input);
      declarations(input);
    }
    return builder.build();
  }

  private Linkage.@Nullable Provider provider(VerifiedModule importer, int importIndex) {
    Input found = byPath.get(importer.module().imports().get(importIndex).specifier());
    return found == null ? null : new Linkage.Provider(found.verified, 0);
  }

  /** Compares the imports from within the package with the exports. */
  private void requireImports(Linkage linkage, Input input) throws RbinException {
    List<ModuleSymbols.Member> members = input.verified.symbols().members();
    for (int i = 0; i < members.size(); i++) {
      ModuleSymbols.Member member = members.get(i);
      if (!byPath.containsKey(member.module().specifier())) {
        continue;
      }
      Linkage.Target target = linkage.resolve(input.verified, i);
      TypeComparison types = new TypeComparison(linkage, input.verified, target.module());
      if (!types.same(member.member().type(), target.export().type())) {
        throw fail(
            RbinErrorKind.SIGNATURE_MISMATCH,
            member.member().name() + " of " + member.module().specifier() + " has another type");
      }
    }
  }

  /** Makes handles for what a module defines itself. */
  private void declare(Input input) {
    RbinModule module = input.module;
    input.importHandles = new int[module.imports().size()];
    for (int i = 0; i < module.imports().size(); i++) {
      Import imported = module.imports().get(i);
      input.importHandles[i] =
          byPath.containsKey(imported.specifier())
              ? RbinBuilder.NONE
              : builder.importModule(
                  imported.specifier(), imported.versionRange(), imported.interfaceDigest());
    }
    input.types = new int[PredefinedType.FIRST_STORED + module.types().size()];
    for (int i = 0; i < input.types.length; i++) {
      input.types[i] = i < PredefinedType.FIRST_STORED ? i : builder.reserveType();
    }
    input.classes = new int[module.classes().size()];
    for (int i = 0; i < input.classes.length; i++) {
      input.classes[i] = builder.declareClass();
    }
    ModuleSymbols symbols = input.verified.symbols();
    input.functions = new int[symbols.functionCount()];
    input.globals = new int[symbols.globalCount()];
    input.firstNative = nativeCount();
    for (NativeImport imported : module.natives()) {
      builder.nativeModule(
          imported.kind(), imported.module(), imported.abiRange(), imported.moduleVersionRange());
      for (NativeMember member : imported.members()) {
        builder.nativeMember(member.name(), input.types[member.type()], member.flags());
      }
    }
    input.firstSource = builder.sources.size();
    if (module.debug() != null) {
      for (SourceFile file : module.debug().files()) {
        builder.sourceFile(file.file(), file.contentDigest());
      }
    }
    for (int i = 0; i < module.globals().size(); i++) {
      GlobalDef global = module.globals().get(i);
      input.globals[symbols.importedGlobalCount() + i] =
          builder.global(new GlobalDef(global.name(), input.types[global.type()], global.flags()));
    }
  }

  private int nativeCount() {
    return builder.natives.stream().mapToInt(n -> n.members.size()).sum();
  }

  private void defineTypes(Input input) {
    for (int i = PredefinedType.FIRST_STORED; i < input.types.length; i++) {
      builder.defineType(
          input.types[i],
          TypeOrder.map(
              input.module.type(i), type -> input.types[type], ref -> classHandle(input, ref)));
    }
  }

  private int classHandle(Input input, int ref) {
    if (ref == ClassRef.NONE) {
      return RbinBuilder.NONE;
    }
    return ClassRef.isImported(ref)
        ? input.importedClasses[ClassRef.index(ref)]
        : input.classes[ref];
  }

  private Input inputOf(VerifiedModule module) {
    for (Input input : inputs) {
      if (input.verified == module) {
        return input;
      }
    }
    throw new IllegalStateException("a module that is not being linked");
  }

  /** Makes handles for imported members: those of the package are the defining module's. */
  private void bindImports(Linkage linkage, Input input) throws RbinException {
    List<ModuleSymbols.Member> members = input.verified.symbols().members();
    int[] classes = new int[input.verified.symbols().importedClasses().size()];
    input.importedClasses = classes;
    int nextClass = 0;
    for (int i = 0; i < members.size(); i++) {
      ModuleSymbols.Member member = members.get(i);
      int importHandle = input.importHandles[member.importIndex()];
      int type = input.types[member.member().type()];
      String name = member.member().name();
      if (member.member().baseKind() == ExportKind.CLASS) {
        if (importHandle == RbinBuilder.NONE) {
          Linkage.Target target = linkage.resolve(input.verified, i);
          classes[nextClass++] = inputOf(target.module()).classes[target.export().target()];
        } else {
          int handle = builder.importClass(importHandle, name);
          builder.classShape(handle, type);
          classes[nextClass++] = handle;
        }
      } else if (importHandle != RbinBuilder.NONE
          && member.member().baseKind() == ExportKind.TYPE) {
        builder.importType(importHandle, name, type);
      }
    }
  }

  /** Classes, and function and global handles; types are known now. */
  private void defineTables(Input input) throws RbinException {
    ModuleSymbols symbols = input.verified.symbols();
    input.builders = new FunctionBuilder[input.module.functions().size()];
    int container = RbinBuilder.NONE;
    for (int i = 0; i < input.builders.length; i++) {
      FunctionDef function = input.module.functions().get(i);
      boolean closure = (function.flags() & FunctionDef.CLOSURE) != 0;
      FunctionBuilder made =
          builder.function(
              input.moduleHandle,
              function.name(),
              input.types[function.type()],
              function.flags(),
              classHandle(input, function.ownerClass()),
              closure ? container : RbinBuilder.NONE);
      container = closure ? container : made.handle();
      input.builders[i] = made;
      input.functions[symbols.importedFunctionCount() + i] = made.handle();
    }
    for (int i = 0; i < input.module.classes().size(); i++) {
      builder.defineClass(input.classes[i], classDef(input, input.module.classes().get(i)));
    }
  }

  private ClassDef classDef(Input input, ClassDef definition) {
    List<FieldDef> fields = new ArrayList<>();
    for (FieldDef field : definition.fields()) {
      fields.add(new FieldDef(field.name(), input.types[field.type()], field.flags()));
    }
    return new ClassDef(
        definition.name(),
        classHandle(input, definition.parent()),
        definition.flags(),
        fields,
        RbinBuilder.NONE,
        List.of(),
        types(input, definition.interfaces()),
        types(input, definition.typeArguments()),
        definition.origin() == 0 ? 0 : 1 + input.importHandles[definition.origin() - 1],
        definition.staticCount() == 0 ? 0 : input.globals[definition.staticBase()],
        definition.staticCount());
  }

  private static List<Integer> types(Input input, List<Integer> list) {
    List<Integer> mapped = new ArrayList<>();
    for (int type : list) {
      int unfilled = type & StackMap.UNFILLED;
      mapped.add(input.types[type & ~StackMap.UNFILLED] | unfilled);
    }
    return mapped;
  }

  private void defineFunctions(Input input) throws RbinException {
    bindCallees(input);
    for (int i = 0; i < input.module.classes().size(); i++) {
      ClassDef source = input.module.classes().get(i);
      List<Slot> vtable = new ArrayList<>();
      for (Slot slot : source.vtable()) {
        vtable.add(new Slot(slot.name(), input.functions[slot.function()]));
      }
      ClassDef made = builder.classes.get(input.classes[i]).local;
      if (made != null) {
        builder.defineClass(
            input.classes[i],
            new ClassDef(
                made.name(),
                made.parent(),
                made.flags(),
                made.fields(),
                source.constructor() == -1
                    ? RbinBuilder.NONE
                    : input.functions[source.constructor()],
                vtable,
                made.interfaces(),
                made.typeArguments(),
                made.origin(),
                made.staticBase(),
                made.staticCount()));
      }
    }
    for (int i = 0; i < input.builders.length; i++) {
      FunctionBuilder target = input.builders[i];
      if (target != null) {
        copy(input, input.module.functions().get(i), target, input.module.debugOf(i));
      }
    }
  }

  /** Handles of imported functions and globals; all modules have declared theirs by now. */
  private void bindCallees(Input input) throws RbinException {
    Linkage linkage = new Linkage(this::provider);
    List<ModuleSymbols.Member> members = input.verified.symbols().members();
    int nextFunction = 0;
    int nextGlobal = 0;
    for (int i = 0; i < members.size(); i++) {
      ModuleSymbols.Member member = members.get(i);
      int importHandle = input.importHandles[member.importIndex()];
      int type = input.types[member.member().type()];
      String name = member.member().name();
      boolean within = importHandle == RbinBuilder.NONE;
      Linkage.Target target = within ? linkage.resolve(input.verified, i) : null;
      switch (member.member().baseKind()) {
        case ExportKind.FUNCTION ->
            input.functions[nextFunction++] =
                target == null
                    ? builder.importFunction(importHandle, name, type)
                    : inputOf(target.module()).functions[target.export().target()];
        case ExportKind.CONSTANT ->
            input.globals[nextGlobal++] =
                target == null
                    ? builder.importGlobal(importHandle, name, type)
                    : inputOf(target.module()).globals[target.export().target()];
        default -> {}
      }
    }
  }

  private void copy(
      Input input, FunctionDef source, FunctionBuilder target, @Nullable FunctionDebug debug) {
    for (int i = source.paramCount(); i < source.localTypes().size(); i++) {
      target.local(input.types[source.localTypes().get(i)]);
    }
    for (int capture : source.captureTypes()) {
      target.capture(input.types[capture]);
    }
    Map<Integer, Integer> positions = new HashMap<>();
    InstructionCursor cursor = new InstructionCursor(source.code());
    while (cursor.next()) {
      positions.put(cursor.offset(), positions.size());
    }
    positions.put(source.code().length(), positions.size());
    Map<Integer, Label> labels = new TreeMap<>();
    cursor = new InstructionCursor(source.code());
    while (cursor.next()) {
      target.code.add(emitted(input, cursor, target, labels));
    }
    for (Handler handler : source.handlers()) {
      target.handler(
          label(target, labels, handler.start()),
          label(target, labels, handler.end()),
          label(target, labels, handler.target()),
          classHandle(input, handler.catchClass()));
    }
    for (StackMap map : source.stackMaps()) {
      target.maps.put(positions.getOrDefault(map.offset(), 0), types(input, map.types()));
    }
    if (debug != null) {
      for (LineEntry line : debug.lines()) {
        target.lines.add(
            new FunctionBuilder.LineMark(
                positions.getOrDefault(line.offset(), 0),
                input.firstSource + line.file(),
                line.line(),
                line.column()));
      }
      for (LocalName local : debug.locals()) {
        target.localName(
            local.local(),
            label(target, labels, local.start()),
            label(target, labels, local.end()),
            local.name());
      }
    }
    for (Map.Entry<Integer, Label> label : labels.entrySet()) {
      target.labelPositions.set(label.getValue().id, positions.getOrDefault(label.getKey(), 0));
    }
    target.given = new CodeChecker.Inferred(source.maxStack(), source.cost(), List.of());
  }

  private static Label label(FunctionBuilder target, Map<Integer, Label> labels, int offset) {
    return labels.computeIfAbsent(offset, o -> target.newLabel());
  }

  private FunctionBuilder.Emitted emitted(
      Input input, InstructionCursor cursor, FunctionBuilder target, Map<Integer, Label> labels) {
    List<Operand> operands = cursor.opcode().operands();
    if (cursor.opcode().length() < 0) {
      long[] values = cursor.values(0);
      boolean table = operands.getFirst() == Operand.TABLE_SWITCH;
      for (int i = 0; i < values.length; i += table && i > 0 ? 1 : 2) {
        values[i] = label(target, labels, (int) values[i]).id;
      }
      if (operands.getFirst() == Operand.SWITCH_STR) {
        for (int i = 1; i < values.length; i += 2) {
          values[i] = builder.constant(input.module.constants().get((int) values[i]));
        }
      }
      return new FunctionBuilder.Emitted(cursor.opcode(), values);
    }
    long[] values = new long[operands.size()];
    for (int i = 0; i < values.length; i++) {
      long value = cursor.values(i)[0];
      values[i] =
          switch (operands.get(i)) {
            case TYPE -> input.types[(int) value];
            case FUNC -> input.functions[(int) value];
            case GLOBAL, STATIC -> input.globals[(int) value];
            case NATIVE -> input.firstNative + value;
            case CONST16, CONST32, NAME ->
                builder.constant(input.module.constants().get((int) value));
            case JUMP -> label(target, labels, (int) value).id;
            default -> value;
          };
    }
    return new FunctionBuilder.Emitted(cursor.opcode(), values);
  }

  private void exports(Input input) throws RbinException {
    for (int dependency : input.definition.dependencies()) {
      int index = dependency & ~ModuleDef.IMPORTED_DEPENDENCY;
      int importHandle = input.importHandles[index];
      if (importHandle == RbinBuilder.NONE) {
        Input other = byPath.get(input.module.imports().get(index).specifier());
        if (other != null) {
          builder.dependsOnModule(input.moduleHandle, other.moduleHandle);
        }
      } else {
        builder.dependsOnImport(input.moduleHandle, importHandle);
      }
    }
    for (Export export : input.definition.exports()) {
      export(input, export);
    }
  }

  private void export(Input input, Export export) throws RbinException {
    int kind = export.kind();
    int target = export.target();
    if (kind == ExportKind.RE_EXPORT) {
      ModuleSymbols.Member member = input.verified.symbols().members().get(target);
      int importHandle = input.importHandles[member.importIndex()];
      if (importHandle != RbinBuilder.NONE) {
        builder.reExport(
            input.moduleHandle,
            export.name(),
            importHandle,
            member.member().baseKind(),
            member.member().name());
        return;
      }
      Linkage.Target found = new Linkage(this::provider).resolve(input.verified, target);
      Input owner = inputOf(found.module());
      Export original = found.export();
      exportAs(input, owner, export.name(), original.kind(), original, export.flags());
      return;
    }
    exportAs(input, input, export.name(), kind, export, export.flags());
  }

  /** Exports what {@code owner} defines from {@code input}'s module. */
  private void exportAs(
      Input input, Input owner, String name, int kind, Export original, int flags) {
    int handle =
        switch (kind) {
          case ExportKind.FUNCTION -> owner.functions[original.target()];
          case ExportKind.CLASS -> owner.classes[original.target()];
          case ExportKind.CONSTANT -> owner.globals[original.target()];
          default -> owner.types[original.target()];
        };
    builder.export(input.moduleHandle, name, kind, handle, flags, original.grants());
  }

  private void declarations(Input input) {
    if (input.module.decls() != null) {
      for (Decl decl : input.module.decls()) {
        List<FreeName> names = new ArrayList<>();
        for (FreeName name : decl.freeNames()) {
          names.add(freeName(input, name));
        }
        builder.decl(
            new Decl(
                input.moduleHandle, decl.name(), decl.kind(), decl.line(), decl.text(), names));
      }
    }
    if (input.module.docs() != null) {
      for (Doc doc : input.module.docs()) {
        builder.doc(new Doc(input.moduleHandle, doc.name(), doc.text()));
      }
    }
  }

  private FreeName freeName(Input input, FreeName name) {
    if (name.kind() != 1) {
      return new FreeName(name.local(), name.kind(), input.moduleHandle, name.name());
    }
    int importHandle = input.importHandles[name.module()];
    if (importHandle != RbinBuilder.NONE) {
      return new FreeName(name.local(), 1, importHandle, name.name());
    }
    Input other = byPath.get(input.module.imports().get(name.module()).specifier());
    return new FreeName(
        name.local(), 0, other == null ? input.moduleHandle : other.moduleHandle, name.name());
  }
}

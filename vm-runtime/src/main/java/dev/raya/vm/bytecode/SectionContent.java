package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.ClassDef;
import dev.raya.vm.bytecode.RbinModule.DebugData;
import dev.raya.vm.bytecode.RbinModule.Decl;
import dev.raya.vm.bytecode.RbinModule.Doc;
import dev.raya.vm.bytecode.RbinModule.Export;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FreeName;
import dev.raya.vm.bytecode.RbinModule.FunctionDebug;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.GlobalDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.Import;
import dev.raya.vm.bytecode.RbinModule.ImportMember;
import dev.raya.vm.bytecode.RbinModule.InlinedCall;
import dev.raya.vm.bytecode.RbinModule.LineEntry;
import dev.raya.vm.bytecode.RbinModule.LocalName;
import dev.raya.vm.bytecode.RbinModule.Meta;
import dev.raya.vm.bytecode.RbinModule.ModuleDef;
import dev.raya.vm.bytecode.RbinModule.NativeImport;
import dev.raya.vm.bytecode.RbinModule.NativeMember;
import dev.raya.vm.bytecode.RbinModule.ProbeLocation;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinModule.SourceFile;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decodes the content of the sections into the records of {@link RbinModule}. */
final class SectionContent {
  private final Function<Section, @Nullable SectionReader> sections;
  private List<Constant> constants = List.of();

  /** Where constants begin that were found and not read. */
  private int[] found = {};

  SectionContent(Function<Section, @Nullable SectionReader> sections) {
    this.sections = sections;
  }

  private SectionReader required(Section section) {
    return Objects.requireNonNull(sections.apply(section));
  }

  void readConstants() throws RbinException {
    SectionReader in = required(Section.CONS);
    int count = in.count(5, RbinFormat.MAX_CONSTANTS);
    List<Constant> list = new ArrayList<>(count);
    long characters = 0;
    for (int i = 0; i < count; i++) {
      int before = in.left();
      Constant constant = constant(in);
      if (constant instanceof Constant.Str) {
        characters += before - in.left() - 5;
        if (characters > RbinFormat.MAX_ALL_STRINGS) {
          throw in.fail(RbinErrorKind.LIMIT_EXCEEDED, "strings of more than 128 MiB");
        }
      }
      if (!list.isEmpty() && ConstantPool.ORDER.compare(list.getLast(), constant) >= 0) {
        throw in.fail(RbinErrorKind.NON_CANONICAL, "constant " + i + " is out of order or twice");
      }
      list.add(constant);
    }
    in.requireEnd();
    if (list.isEmpty() || !list.getFirst().equals(new Constant.Str(""))) {
      throw in.fail(RbinErrorKind.NON_CANONICAL, "constant 0 is not the empty string");
    }
    constants = list;
  }

  /** Finds where each constant begins; one is read when something names it. */
  void findConstants() throws RbinException {
    SectionReader in = required(Section.CONS);
    int count = in.count(5, RbinFormat.MAX_CONSTANTS);
    found = new int[count];
    for (int i = 0; i < count; i++) {
      found[i] = in.position();
      int kind = in.u8();
      in.skip(
          switch (kind) {
            case 1 -> in.count(1, RbinFormat.MAX_STRING);
            case 2 -> 4;
            case 3 -> 8;
            default -> throw in.fail(RbinErrorKind.BAD_CONSTANT, "no constants of kind " + kind);
          });
    }
    in.requireEnd();
  }

  private static Constant constant(SectionReader in) throws RbinException {
    int kind = in.u8();
    switch (kind) {
      case 1 -> {
        int length = in.count(1, RbinFormat.MAX_STRING);
        byte[] bytes = in.raw(length);
        String text = Wtf8.decode(bytes, 0, length);
        if (text == null) {
          throw in.fail(RbinErrorKind.BAD_CONSTANT, "a string is not WTF-8");
        }
        return new Constant.Str(text);
      }
      case 2 -> {
        return new Constant.I32(in.u32());
      }
      case 3 -> {
        long bits = in.u64();
        if (Double.isNaN(Double.longBitsToDouble(bits)) && bits != RbinFormat.CANONICAL_NAN) {
          throw in.fail(RbinErrorKind.NON_CANONICAL, "a NaN that is not canonical");
        }
        return new Constant.F64(Double.longBitsToDouble(bits));
      }
      default -> throw in.fail(RbinErrorKind.BAD_CONSTANT, "no constants of kind " + kind);
    }
  }

  private String text(SectionReader in) throws RbinException {
    int index = in.u32();
    if (index >= 0
        && index < found.length
        && constant(required(Section.CONS).at(found[index])) instanceof Constant.Str text) {
      return text.value();
    }
    if (index < 0
        || index >= constants.size()
        || !(constants.get(index) instanceof Constant.Str text)) {
      throw in.fail(
          RbinErrorKind.BAD_INDEX, "no string constant " + Integer.toUnsignedString(index));
    }
    return text.value();
  }

  private String name(SectionReader in) throws RbinException {
    String text = text(in);
    if (Wtf8.hasSurrogate(text)) {
      throw in.fail(RbinErrorKind.BAD_CONSTANT, "a name with a lone surrogate");
    }
    return text;
  }

  RbinModule module(int flags, int minVm) throws RbinException {
    Meta meta = meta();
    List<RType> types = types();
    List<Import> imports = imports();
    List<NativeImport> natives = natives();
    List<ClassDef> classes = classes();
    List<GlobalDef> globals = globals();
    List<FunctionDef> functions = functions();
    SectionReader in = required(Section.EXPT);
    int entry = in.u32();
    List<ModuleDef> modules = modules(in);
    in.requireEnd();
    return new RbinModule(
        flags, minVm, meta, constants, types, imports, natives, classes, globals, functions, entry,
        modules, decls(), docs(), null);
  }

  Meta meta() throws RbinException {
    SectionReader in = required(Section.META);
    Meta meta =
        new Meta(
            name(in),
            name(in),
            name(in),
            name(in),
            in.u32(),
            in.u32(),
            in.flags(in.u32(), Capabilities.ALL),
            in.digest(),
            in.digest(),
            in.digest());
    in.requireEnd();
    return meta;
  }

  private List<RType> types() throws RbinException {
    SectionReader in = required(Section.TYPE);
    List<RType> types = in.vector(2, RbinFormat.MAX_TYPES, () -> type(in));
    in.requireEnd();
    return types;
  }

  private RType type(SectionReader in) throws RbinException {
    int kind = in.u8();
    return switch (kind) {
      case 1 -> new RType.ArrayType(in.u32(), in.flags(in.u8(), 1) != 0);
      case 2 -> new RType.TupleType(some(in), in.flags(in.u8(), 1) != 0);
      case 3 -> new RType.FunctionType(some(in), in.u32(), in.u8(), in.flags(in.u8(), 1) != 0);
      case 4 -> new RType.ClassType(in.u32());
      case 5 -> new RType.InterfaceType(name(in), properties(in), in.ints(in.left() / 4));
      case 6 -> new RType.UnionType(some(in), name(in));
      case 7 -> new RType.TaskType(in.u32());
      case 8 -> new RType.ChannelType(in.u32());
      case 9 -> new RType.CellType(in.u32());
      case 10 -> literal(in);
      case 11 -> new RType.ObjectType(name(in), properties(in), in.ints(in.left() / 4));
      default -> throw in.fail(RbinErrorKind.BAD_TYPE, "no types of kind " + kind);
    };
  }

  private RType literal(SectionReader in) throws RbinException {
    int base = in.u8();
    return switch (base) {
      case PredefinedType.BOOL, PredefinedType.INT -> {
        int value = in.u32();
        if (base == PredefinedType.BOOL && (value & ~1) != 0) {
          throw in.fail(RbinErrorKind.BAD_TYPE, "a bool literal " + value);
        }
        yield new RType.NumericLiteral(base, value);
      }
      case PredefinedType.STRING -> new RType.StringLiteral(text(in));
      default -> throw in.fail(RbinErrorKind.BAD_TYPE, "a literal of type " + base);
    };
  }

  private static List<Integer> some(SectionReader in) throws RbinException {
    int count = in.u8();
    List<Integer> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(in.u32());
    }
    return list;
  }

  private List<RType.Property> properties(SectionReader in) throws RbinException {
    return in.vector(
        9,
        RbinFormat.MAX_FIELDS + RbinFormat.MAX_SLOTS,
        () -> new RType.Property(name(in), in.u32(), in.flags(in.u8(), 15)));
  }

  private List<Import> imports() throws RbinException {
    SectionReader in = required(Section.IMPT);
    List<Import> imports =
        in.vector(
            44,
            RbinFormat.MAX_IMPORTS,
            () ->
                new Import(
                    name(in),
                    name(in),
                    in.digest(),
                    in.vector(
                        9,
                        RbinFormat.MAX_MEMBERS,
                        () -> new ImportMember(importKind(in), name(in), in.u32()))));
    in.requireEnd();
    return imports;
  }

  private static int importKind(SectionReader in) throws RbinException {
    int kind = in.u8();
    if ((kind & ~ImportMember.INTERNAL) > RbinModule.ExportKind.TYPE) {
      throw in.fail(RbinErrorKind.NON_CANONICAL, "no imports of kind " + kind);
    }
    return kind;
  }

  List<NativeImport> natives() throws RbinException {
    SectionReader in = sections.apply(Section.NATV);
    if (in == null) {
      return List.of();
    }
    List<NativeImport> natives =
        in.vector(
            17,
            RbinFormat.MAX_IMPORTS,
            () ->
                new NativeImport(
                    in.flags(in.u8(), 1),
                    name(in),
                    name(in),
                    name(in),
                    in.vector(
                        9,
                        RbinFormat.MAX_IMPORTS,
                        () -> new NativeMember(name(in), in.u32(), in.flags(in.u8(), 3)))));
    in.requireEnd();
    return natives;
  }

  private List<ClassDef> classes() throws RbinException {
    SectionReader in = required(Section.CLAS);
    List<ClassDef> classes = in.vector(40, RbinFormat.MAX_CLASSES, () -> classDef(in));
    in.requireEnd();
    return classes;
  }

  private ClassDef classDef(SectionReader in) throws RbinException {
    return new ClassDef(
        name(in),
        in.u32(),
        in.flags(in.u16(), 15),
        in.vector(
            10,
            RbinFormat.MAX_FIELDS,
            () -> new FieldDef(name(in), in.u32(), in.flags(in.u16(), 15))),
        in.u32(),
        in.vector(8, RbinFormat.MAX_SLOTS, () -> new Slot(name(in), in.u32())),
        in.ints(RbinFormat.MAX_TYPES),
        in.ints(RbinFormat.MAX_TYPES),
        in.u32(),
        in.u32(),
        in.u16());
  }

  private List<GlobalDef> globals() throws RbinException {
    SectionReader in = required(Section.GLOB);
    List<GlobalDef> globals =
        in.vector(9, in.left() / 9, () -> new GlobalDef(name(in), in.u32(), in.flags(in.u8(), 7)));
    in.requireEnd();
    return globals;
  }

  /** FUNC with CODE: each part of CODE must lie exactly where FUNC says, in order. */
  private List<FunctionDef> functions() throws RbinException {
    SectionReader in = required(Section.FUNC);
    SectionReader code = required(Section.CODE);
    List<FunctionDef> functions =
        in.vector(RbinFormat.FUNCTION_SIZE, RbinFormat.MAX_FUNCTIONS, () -> function(in, code));
    in.requireEnd();
    code.requireEnd();
    return functions;
  }

  private FunctionDef function(SectionReader in, SectionReader code) throws RbinException {
    String name = name(in);
    int type = in.u32();
    requireAt(code, in.u32());
    int length = in.u32();
    if (length < 0 || length > RbinFormat.MAX_CODE || length > code.left()) {
      throw in.fail(
          RbinErrorKind.LIMIT_EXCEEDED, "code of " + Integer.toUnsignedString(length) + " bytes");
    }
    int flags = in.flags(in.u32(), 0x2FF);
    int paramCount = in.u16();
    int localCount = in.u16();
    int maxStack = in.u16();
    int captureCount = in.u16();
    int owner = in.u32();
    boolean within =
        localCount <= RbinFormat.MAX_LOCALS
            && maxStack <= RbinFormat.MAX_STACK
            && captureCount <= RbinFormat.MAX_CAPTURES
            && 4 * (localCount + captureCount) <= code.left();
    if (!within) {
      throw in.fail(RbinErrorKind.LIMIT_EXCEEDED, "locals, captures or stack pass the limit");
    }
    Code instructions = Code.take(code.raw(length));
    requireAt(code, in.u32());
    List<Integer> locals = several(code, localCount);
    List<Integer> captures = several(code, captureCount);
    requireAt(code, in.u32());
    List<Handler> handlers =
        code.vector(
            16,
            RbinFormat.MAX_HANDLERS,
            () -> new Handler(code.u32(), code.u32(), code.u32(), code.u32()));
    requireAt(code, in.u32());
    List<StackMap> maps =
        code.vector(
            6, RbinFormat.MAX_CODE, () -> new StackMap(code.u32(), several(code, code.u16())));
    int cost = in.u32();
    return new FunctionDef(
        name,
        type,
        flags,
        paramCount,
        locals,
        captures,
        owner,
        maxStack,
        cost,
        instructions,
        handlers,
        maps);
  }

  private static void requireAt(SectionReader code, int offset) throws RbinException {
    if (offset != code.position()) {
      throw code.fail(
          RbinErrorKind.NON_CANONICAL,
          "FUNC points to " + Integer.toUnsignedString(offset) + " instead");
    }
  }

  private static List<Integer> several(SectionReader in, int count) throws RbinException {
    if (4 * count > in.left()) {
      throw in.fail(RbinErrorKind.LIMIT_EXCEEDED, count + " types do not fit");
    }
    List<Integer> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(in.u32());
    }
    return list;
  }

  private List<ModuleDef> modules(SectionReader in) throws RbinException {
    return in.vector(
        17,
        RbinFormat.MAX_MODULES,
        () ->
            new ModuleDef(
                name(in),
                in.flags(in.u8(), 1),
                in.u32(),
                in.ints(RbinFormat.MAX_MODULES + RbinFormat.MAX_IMPORTS),
                in.vector(18, RbinFormat.MAX_DECLS, () -> export(in))));
  }

  private Export export(SectionReader in) throws RbinException {
    return new Export(name(in), in.u8(), in.flags(in.u8(), 1), in.u32(), in.u32(), in.u32());
  }

  private @Nullable List<Decl> decls() throws RbinException {
    SectionReader in = sections.apply(Section.DECL);
    if (in == null) {
      return null;
    }
    List<Decl> decls =
        in.vector(
            21,
            RbinFormat.MAX_DECLS,
            () ->
                new Decl(
                    in.u32(),
                    name(in),
                    in.flags(in.u8(), 1),
                    in.u32(),
                    text(in),
                    in.vector(
                        13,
                        RbinFormat.MAX_DECLS,
                        () -> new FreeName(name(in), in.u8(), in.u32(), name(in)))));
    in.requireEnd();
    return decls;
  }

  private @Nullable List<Doc> docs() throws RbinException {
    SectionReader in = sections.apply(Section.DOCS);
    if (in == null) {
      return null;
    }
    List<Doc> docs =
        in.vector(12, RbinFormat.MAX_DECLS, () -> new Doc(in.u32(), name(in), text(in)));
    in.requireEnd();
    return docs;
  }

  DebugData debug(RbinModule module) throws RbinException {
    SectionReader in = required(Section.DBGI);
    List<SourceFile> files =
        in.vector(36, in.left() / 36, () -> new SourceFile(name(in), in.digest()));
    List<FunctionDebug> functions = new ArrayList<>();
    for (FunctionDef function : module.functions()) {
      functions.add(functionDebug(in, function, files.size(), module));
    }
    List<ProbeLocation> probes =
        in.vector(
            17,
            in.left() / 17,
            () -> new ProbeLocation(in.u32(), in.u32(), in.u32(), in.u32(), in.u8()));
    in.requireEnd();
    for (ProbeLocation probe : probes) {
      if (outside(probe.file(), files.size())
          || outside(probe.probe(), module.meta().probeCount())
          || probe.kind() > 2) {
        throw in.fail(RbinErrorKind.BAD_DEBUG_INFO, "a probe of nothing");
      }
    }
    return new DebugData(files, functions, probes);
  }

  private static boolean outside(int index, int size) {
    return index < 0 || index >= size;
  }

  private FunctionDebug functionDebug(
      SectionReader in, FunctionDef function, int files, RbinModule module) throws RbinException {
    int length = function.code().length();
    List<LineEntry> lines =
        in.vector(
            16, RbinFormat.MAX_CODE, () -> new LineEntry(in.u32(), in.u32(), in.u32(), in.u32()));
    int last = -1;
    for (LineEntry line : lines) {
      if (outside(line.offset(), length) || line.offset() <= last || outside(line.file(), files)) {
        throw in.fail(RbinErrorKind.BAD_DEBUG_INFO, "a line out of order or of nothing");
      }
      last = line.offset();
    }
    List<LocalName> locals =
        in.vector(
            14, RbinFormat.MAX_CODE, () -> new LocalName(in.u16(), in.u32(), in.u32(), name(in)));
    LocalName previous = null;
    for (LocalName local : locals) {
      boolean ordered =
          previous == null
              || previous.local() < local.local()
              || (previous.local() == local.local() && previous.start() <= local.start());
      if (!ordered
          || local.local() >= function.localTypes().size()
          || outside(local.start(), length + 1)
          || outside(local.end(), length + 1)
          || local.start() > local.end()) {
        throw in.fail(RbinErrorKind.BAD_DEBUG_INFO, "a local out of order or of nothing");
      }
      previous = local;
    }
    List<InlinedCall> inlined =
        in.vector(12, RbinFormat.MAX_CODE, () -> new InlinedCall(in.u32(), in.u32(), in.u32()));
    for (InlinedCall call : inlined) {
      if (outside(call.offset(), length) || outside(call.function(), module.functions().size())) {
        throw in.fail(RbinErrorKind.BAD_DEBUG_INFO, "an inlined call of nothing");
      }
    }
    return new FunctionDebug(lines, locals, inlined);
  }
}

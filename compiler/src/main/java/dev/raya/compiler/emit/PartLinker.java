package dev.raya.compiler.emit;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPackage.Declaration;
import dev.raya.compiler.ir.IrPackage.Dependency;
import dev.raya.compiler.ir.IrPackage.FreeName;
import dev.raya.compiler.ir.IrPackage.IrExport;
import dev.raya.compiler.ir.IrPackage.IrGlobal;
import dev.raya.compiler.ir.IrPackage.IrImport;
import dev.raya.compiler.ir.IrPackage.IrModule;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Unions;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a package together: gives everything its number, in the order of the parts and
 * inside of them in theirs, and the numbers of the parts' code the places that they name. Of what
 * several parts have, instances of generic code for the most part, the first is taken. A function
 * of the parts alone: it does not see which of them were made now.
 */
public final class PartLinker {
  /** A function of a part. */
  private record Place(int part, int number) {}

  private final List<PackageParts.Module> modules;
  private final List<IrPart> parts;
  private final Map<String, Integer> moduleNumbers = new HashMap<>();
  private final List<IrShape> shapes = new ArrayList<>();
  private final List<IrClass> classes = new ArrayList<>();
  private final List<IrGlobal> globals = new ArrayList<>();
  private final List<IrFunction> functions = new ArrayList<>();
  private final Map<String, Integer> importNumbers = new LinkedHashMap<>();
  private final List<IrImport> imports = new ArrayList<>();
  private final List<Numbers> numbers = new ArrayList<>();

  private PartLinker(List<PackageParts.Module> modules, List<IrPart> parts) {
    this.modules = modules;
    this.parts = parts;
    for (PackageParts.Module module : modules) {
      moduleNumbers.put(module.file(), moduleNumbers.size());
    }
  }

  /** The package that the parts make. */
  public static IrPackage link(PackageParts parts) {
    return new PartLinker(parts.modules(), parts.parts()).link(parts.meta());
  }

  private IrPackage link(RbinModule.Meta meta) {
    numberTypes();
    numberImports();
    numberGlobals();
    List<Place> chosen = numberFunctions();
    for (Place place : chosen) {
      IrFunction function = parts.get(place.part()).content().functions().get(place.number());
      functions.add(numbers.get(place.part()).function(function));
    }
    defineTypes();
    int entry = -1;
    List<IrModule> rows = new ArrayList<>();
    for (int i = 0; i < modules.size(); i++) {
      rows.add(module(i));
      int own = parts.get(i).content().entry();
      entry = own < 0 ? entry : numbers.get(i).functions[own];
    }
    return new IrPackage(
        meta,
        rows,
        imports,
        shapes,
        classes,
        globals,
        functions,
        modules.stream().map(m -> new IrPackage.Source(m.file(), m.digest())).toList(),
        entry);
  }

  // --- numbers

  private void numberTypes() {
    List<ShapeClasses.Group> groups = new ArrayList<>();
    for (IrPart part : parts) {
      groups.add(new ShapeClasses.Group(part.content().shapes(), part.classNames()));
    }
    int[] first = ShapeClasses.representatives(groups);
    int[] starts = ShapeClasses.starts(groups);
    int[] merged = new int[first.length];
    int shapeCount = 0;
    int classCount = 0;
    for (int p = 0; p < parts.size(); p++) {
      int firstClass = starts[p] + parts.get(p).content().shapes().size();
      for (int i = starts[p]; i < starts[p + 1]; i++) {
        if (first[i] != i) {
          merged[i] = merged[first[i]];
        } else {
          merged[i] = i < firstClass ? shapeCount++ : classCount++;
        }
      }
      numbers.add(
          new Numbers(
              parts.get(p).content(),
              Arrays.copyOfRange(merged, starts[p], firstClass),
              Arrays.copyOfRange(merged, firstClass, starts[p + 1])));
    }
  }

  private void numberImports() {
    for (int p = 0; p < parts.size(); p++) {
      List<IrImport> own = parts.get(p).content().imports();
      int[] map = new int[own.size()];
      for (int i = 0; i < map.length; i++) {
        IrImport row = own.get(i);
        Integer known = importNumbers.putIfAbsent(row.specifier(), imports.size());
        if (known == null) {
          map[i] = imports.size();
          imports.add(row);
        } else {
          map[i] = known;
          IrImport old = imports.get(known);
          imports.set(
              known,
              new IrImport(
                  old.specifier(),
                  old.versionRange(),
                  old.interfaceDigest(),
                  old.grants() | row.grants()));
        }
      }
      numbers.get(p).imports = map;
    }
  }

  private void numberGlobals() {
    Map<LinkName, Integer> known = new HashMap<>();
    for (int p = 0; p < parts.size(); p++) {
      IrPart part = parts.get(p);
      int[] map = new int[part.globalNames().size()];
      for (int i = 0; i < map.length; i++) {
        Integer number = known.putIfAbsent(part.globalNames().get(i), globals.size());
        map[i] = number == null ? globals.size() : number;
        if (number == null) {
          globals.add(numbers.get(p).global(part.content().globals().get(i)));
        }
      }
      numbers.get(p).globals = map;
    }
  }

  /** Gives functions their numbers; the places that are taken, in the order of the numbers. */
  private List<Place> numberFunctions() {
    Map<LinkName, Integer> known = new HashMap<>();
    List<Place> chosen = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      IrPart part = parts.get(p);
      int[] map = new int[part.functionNames().size()];
      boolean[] taken = new boolean[map.length];
      Arrays.fill(map, -1);
      for (int i = 0; i < map.length; i++) {
        IrFunction function = part.content().functions().get(i);
        LinkName name = part.functionNames().get(i);
        if (name == null) {
          taken[i] = function instanceof IrFunction.Local inner && taken[inner.container()];
        } else if (!(function instanceof IrFunction.Declared)) {
          taken[i] = known.putIfAbsent(numbers.get(p).name(name), chosen.size()) == null;
        }
        if (taken[i]) {
          map[i] = chosen.size();
          chosen.add(new Place(p, i));
        }
      }
      numbers.get(p).functions = map;
    }
    for (int p = 0; p < parts.size(); p++) {
      IrPart part = parts.get(p);
      int[] map = numbers.get(p).functions;
      for (int i = 0; i < map.length; i++) {
        LinkName name = part.functionNames().get(i);
        if (map[i] < 0 && name != null) {
          Integer number = known.get(numbers.get(p).name(name));
          if (number == null) {
            throw new IllegalStateException("no part has " + name.text());
          }
          map[i] = number;
        }
      }
    }
    return chosen;
  }

  private void defineTypes() {
    for (Numbers n : numbers) {
      for (int i = 0; i < n.shapes.length; i++) {
        if (n.shapes[i] == shapes.size()) {
          shapes.add(n.shape(n.content.shapes().get(i)));
        }
      }
      for (int i = 0; i < n.classes.length; i++) {
        IrClass type = n.content.classes().get(i);
        if (n.classes[i] == classes.size()) {
          classes.add(n.type(type));
        } else if (type instanceof IrClass.Local closed
            && !closed.open()
            && classes.get(n.classes[i]) instanceof IrClass.Local known
            && known.open()) {
          classes.set(n.classes[i], n.type(type));
        }
      }
    }
  }

  // --- modules

  private IrModule module(int number) {
    PackageParts.Module module = modules.get(number);
    Numbers own = numbers.get(number);
    List<Dependency> dependencies = new ArrayList<>();
    IrModule row = own.content.modules().getFirst();
    for (Dependency d : row.dependencies()) {
      dependencies.add(
          new Dependency(
              d.imported(), d.imported() ? own.imports[d.number()] : own.modules[d.number()]));
    }
    List<IrExport> exports = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<Declaration> declarations = new ArrayList<>();
    for (IrExport export : row.exports()) {
      names.add(export.name());
      exports.add(own.export(export));
    }
    Numbers said = numbers.getLast();
    for (int i = 0; i < said.modules.length; i++) {
      if (said.modules[i] == number) {
        for (IrExport export : said.content.modules().get(i).exports()) {
          if (names.add(export.name())) {
            exports.add(said.export(export));
          }
        }
        for (Declaration d : said.content.modules().get(i).declarations()) {
          declarations.add(said.declaration(d));
        }
      }
    }
    return new IrModule(module.path(), module.importable(), dependencies, exports, declarations);
  }

  /** What the numbers of one part are in the package. */
  private final class Numbers {
    private final IrPackage content;
    private final int[] shapes;
    private final int[] classes;
    private final int[] modules;
    private final int[] files;
    private int[] imports = {};
    private int[] globals = {};
    private int[] functions = {};
    private final Map<IrType, IrType> types = new HashMap<>();

    Numbers(IrPackage content, int[] shapes, int[] classes) {
      this.content = content;
      this.shapes = shapes;
      this.classes = classes;
      this.modules = content.modules().stream().mapToInt(m -> moduleOf(m.path())).toArray();
      this.files = content.sources().stream().mapToInt(s -> moduleOf(s.name())).toArray();
    }

    private int moduleOf(String file) {
      Integer number = moduleNumbers.get(file);
      if (number == null) {
        throw new IllegalStateException("the package has no module " + file);
      }
      return number;
    }

    private int optional(int[] map, int number) {
      return number < 0 ? -1 : map[number];
    }

    // --- types

    LinkName name(LinkName name) {
      return name.arguments().isEmpty() ? name : new LinkName(name.text(), all(name.arguments()));
    }

    private List<IrType> all(List<IrType> list) {
      if (list.isEmpty()) {
        return list;
      }
      List<IrType> all = new ArrayList<>(list.size());
      for (IrType type : list) {
        all.add(type(type));
      }
      return all;
    }

    IrType type(IrType type) {
      if (type instanceof IrType.Basic) {
        return type;
      }
      IrType known = types.get(type);
      if (known == null) {
        known = made(type);
        types.put(type, known);
      }
      return known;
    }

    private IrType made(IrType type) {
      return switch (type) {
        case IrType.Basic _, IrType.StringLiteral _, IrType.IntLiteral _, IrType.BoolLiteral _ ->
            type;
        case IrType.Array a -> new IrType.Array(type(a.element()), a.readOnly());
        case IrType.Tuple t -> new IrType.Tuple(all(t.elements()), t.readOnly());
        case IrType.Function f -> function(f);
        case IrType.ClassType c -> new IrType.ClassType(classes[c.number()]);
        case IrType.Shape s -> new IrType.Shape(shapes[s.number()]);
        case IrType.Union u -> union(u);
        case IrType.Task t -> new IrType.Task(type(t.result()));
        case IrType.Channel c -> new IrType.Channel(type(c.element()));
        case IrType.Cell c -> new IrType.Cell(type(c.content()));
      };
    }

    /** Members that a part has under two numbers may be one type. */
    private IrType union(IrType.Union union) {
      return Unions.of(all(union.members()), union.discriminant());
    }

    private IrType.Function function(IrType.Function f) {
      return new IrType.Function(all(f.params()), type(f.result()), f.optional(), f.rest());
    }

    private IrType.Function functionType(IrType.Function f) {
      return (IrType.Function) type((IrType) f);
    }

    IrShape shape(IrShape shape) {
      List<IrShape.Property> properties = new ArrayList<>();
      for (IrShape.Property p : shape.properties()) {
        properties.add(
            new IrShape.Property(p.name(), type(p.type()), p.optional(), p.readOnly(), p.method()));
      }
      return new IrShape(shape.literal(), shape.name(), properties, all(shape.arguments()));
    }

    IrClass type(IrClass type) {
      return switch (type) {
        case IrClass.Local c ->
            new IrClass.Local(
                c.name(),
                modules[c.module()],
                optional(classes, c.parent()),
                c.exported(),
                c.error(),
                c.instance(),
                fields(c.fields()),
                optional(functions, c.constructor()),
                c.vtable().stream()
                    .map(s -> new IrClass.Slot(s.name(), functions[s.function()]))
                    .toList(),
                all(c.typeArguments()),
                c.statics().stream().map(s -> globals[s]).toList(),
                optional(imports, c.origin()),
                c.open());
        case IrClass.Imported c ->
            new IrClass.Imported(
                c.name(),
                imports[c.imported()],
                c.parent() == null ? null : type(c.parent()),
                fields(c.fields()),
                c.methods().stream()
                    .map(m -> new IrClass.Method(m.name(), functionType(m.type())))
                    .toList());
        case IrClass.Collection c -> new IrClass.Collection(c.name(), all(c.typeArguments()));
      };
    }

    private List<IrClass.Field> fields(List<IrClass.Field> fields) {
      return fields.stream()
          .map(
              f ->
                  new IrClass.Field(
                      f.name(), type(f.type()), f.readOnly(), f.isPrivate(), f.isProtected()))
          .toList();
    }

    IrGlobal global(IrGlobal global) {
      return switch (global) {
        case IrPackage.LocalGlobal g ->
            new IrPackage.LocalGlobal(
                g.name(), type(g.type()), g.constant(), g.exported(), g.isStatic());
        case IrPackage.ImportedGlobal g ->
            new IrPackage.ImportedGlobal(g.name(), type(g.type()), imports[g.imported()]);
      };
    }

    // --- exports

    IrExport export(IrExport export) {
      return switch (export) {
        case IrExport.OfFunction e ->
            new IrExport.OfFunction(e.name(), functions[e.function()], e.internal());
        case IrExport.OfClass e -> new IrExport.OfClass(e.name(), classes[e.type()], e.internal());
        case IrExport.OfGlobal e ->
            new IrExport.OfGlobal(e.name(), globals[e.global()], e.internal());
        case IrExport.OfType e -> new IrExport.OfType(e.name(), type(e.type()), e.internal());
        case IrExport.Again e ->
            new IrExport.Again(e.name(), imports[e.imported()], e.kind(), e.member());
      };
    }

    Declaration declaration(Declaration d) {
      List<FreeName> names = new ArrayList<>();
      for (FreeName n : d.freeNames()) {
        names.add(
            new FreeName(
                n.local(),
                n.imported(),
                n.imported() ? imports[n.module()] : modules[n.module()],
                n.name()));
      }
      return new Declaration(d.name(), d.template(), d.line(), d.text(), names, d.doc());
    }

    // --- code

    IrFunction function(IrFunction function) {
      return switch (function) {
        case IrFunction.Imported f ->
            new IrFunction.Imported(f.name(), functionType(f.type()), imports[f.imported()]);
        case IrFunction.Declared f ->
            throw new IllegalStateException(f.name() + " is of another part");
        case IrFunction.Local f ->
            new IrFunction.Local(
                f.name(),
                functionType(f.type()),
                modules[f.module()],
                f.traits(),
                optional(classes, f.ownerClass()),
                optional(functions, f.container()),
                all(f.locals()),
                all(f.captures()),
                f.blocks().stream().map(this::block).toList(),
                f.regions().stream()
                    .map(
                        r ->
                            r.catchClass() < 0
                                ? r
                                : new IrFunction.Region(
                                    r.parent(), r.handler(), classes[r.catchClass()]))
                    .toList(),
                f.variables());
      };
    }

    private Block block(Block block) {
      List<Instruction> instructions = block.instructions();
      @Nullable Instruction[] changed = null;
      for (int i = 0; i < instructions.size(); i++) {
        Instruction old = instructions.get(i);
        Instruction made = instruction(old);
        if (made != old) {
          if (changed == null) {
            changed = instructions.toArray(new Instruction[0]);
          }
          changed[i] = made;
        }
      }
      return changed == null
          ? block
          : new Block(block.number(), block.region(), List.of(changed), block.end());
    }

    private Instruction instruction(Instruction instruction) {
      return switch (instruction) {
        case Instruction.Global i ->
            globals[i.global()] == i.global()
                ? i
                : new Instruction.Global(i.opcode(), globals[i.global()]);
        case Instruction.Call i ->
            functions[i.function()] == i.function()
                ? i
                : new Instruction.Call(i.opcode(), functions[i.function()], i.argc());
        case Instruction.MakeClosure i -> new Instruction.MakeClosure(functions[i.function()]);
        case Instruction.CallMethod i ->
            new Instruction.CallMethod(i.slot(), functionType(i.type()), i.argc());
        case Instruction.CallInterface i ->
            new Instruction.CallInterface(i.name(), functionType(i.type()), i.argc());
        case Instruction.CallValue i ->
            new Instruction.CallValue(i.opcode(), functionType(i.type()), i.argc());
        case Instruction.CallNative i ->
            new Instruction.CallNative(i.module(), i.name(), functionType(i.type()), i.argc());
        case Instruction.Typed i -> new Instruction.Typed(i.opcode(), type(i.type()));
        case Instruction.Literal i ->
            new Instruction.Literal(i.opcode(), type(i.type()), i.count());
        case Instruction.Statement i ->
            files[i.file()] == i.file()
                ? i
                : new Instruction.Statement(files[i.file()], i.line(), i.column());
        case Instruction.Plain _,
            Instruction.IntConstant _,
            Instruction.NumberConstant _,
            Instruction.StringConstant _,
            Instruction.LoadLocal _,
            Instruction.StoreLocal _,
            Instruction.Increment _,
            Instruction.Capture _,
            Instruction.CallBuiltin _,
            Instruction.Counted _,
            Instruction.Field _,
            Instruction.Named _,
            Instruction.Await _ ->
            instruction;
      };
    }
  }
}

package dev.raya.compiler.lower;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPackage.IrModule;
import dev.raya.compiler.ir.IrPackage.LocalGlobal;
import dev.raya.compiler.ir.IrPart;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.LinkName;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.AliasSymbol;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lowers a package part by part ({@link IrPart}): each module, and what the package says to
 * importers. Generic functions and classes, and the functions of {@code raya:core} that are written
 * in Raya, are lowered in each part once for every list of type arguments they are used with;
 * nothing else needs more than one pass. Other modules of the package are neither the part's own
 * nor foreign: their functions are named, their classes laid out, and private members are seen.
 */
public final class Lowering {
  /**
   * A module to lower.
   *
   * @param path as EXPT has it
   * @param program whether it is run by its path: its {@code main} gets a row in EXPT
   * @param entry whether its {@code main} starts the program
   */
  public record Module(CheckedModule checked, String path, boolean program, boolean entry) {}

  /** The number of the part's own module. */
  private static final int OWN = 0;

  private final PartSources sources;
  private final @Nullable Module own;
  private final RbinModule.Meta meta;
  private final PackageTables tables;
  private final ExternalNames externals;
  private final FunctionInstances functions;
  private final ClassLowering classes;
  private final JsonCasts jsonCasts;
  private final BuiltinMembers builtinMembers;
  private final FieldAccessors fields;
  private final Map<ModuleSymbol, Integer> moduleNumbers = new LinkedHashMap<>();
  private final Map<SourceFile, Integer> files = new HashMap<>();
  private final List<IrPackage.Source> sourceRows = new ArrayList<>();
  private final SequencedSet<String> taken = new LinkedHashSet<>();
  private final Set<ClassSymbol> derivedFrom;
  private int current = OWN;
  private int display = -1;

  private Lowering(PartSources sources, RbinModule.Meta meta, @Nullable Module own) {
    this.sources = sources;
    this.meta = meta;
    this.own = own;
    this.tables = new PackageTables(sources.packages());
    this.externals = new ExternalNames(tables, sources.packages());
    this.functions = new FunctionInstances(tables, externals, sources, new Others());
    this.derivedFrom = own == null ? Set.of() : derivedUnseen(own.checked());
    this.classes =
        new ClassLowering(
            tables,
            externals,
            functions,
            sources,
            this::isClosed,
            this::moduleNumber,
            sources::isDecoded);
    this.fields = new FieldAccessors(tables, classes, externals, () -> current);
    this.builtinMembers = new BuiltinMembers(sources, classes, tables, functions);
    this.jsonCasts = new JsonCasts(tables, classes, functions, () -> current);
    tables.setTemplates(this::instance);
  }

  /** Lowers a module. */
  public static IrPart module(Module module, PartSources sources, RbinModule.Meta meta) {
    return new Lowering(sources, meta, module).run(module);
  }

  /**
   * Lowers what a package says to importers.
   *
   * @param importable the modules they may name, in order of initialisation
   */
  public static IrPart exports(
      List<ModuleSymbol> importable, PartSources sources, RbinModule.Meta meta) {
    return new Lowering(sources, meta, null).run(importable);
  }

  private IrPart run(Module module) {
    ModuleSymbol symbol = module.checked().symbol();
    moduleNumber(symbol);
    fileNumber(symbol.file());
    announce(module.checked());
    initialiser(module);
    int entry = module.entry() ? main(module.checked()) : -1;
    drain(entry);
    IrModule exports =
        new ExportLowering(this, externals).module(module.checked(), module.program());
    drain(entry);
    return part(Map.of(OWN, exports), entry);
  }

  private IrPart run(List<ModuleSymbol> importable) {
    importable.forEach(this::moduleNumber);
    Map<Integer, IrModule> rows =
        new ExportLowering(this, externals)
            .declarations(
                importable,
                number -> {
                  current = number;
                  drain(-1);
                });
    drain(-1);
    return part(rows, -1);
  }

  /** What was lowered; modules that were only mentioned have no rows. */
  private IrPart part(Map<Integer, IrModule> rows, int entry) {
    List<IrModule> modules = new ArrayList<>();
    moduleNumbers.forEach(
        (symbol, number) -> {
          IrModule row = rows.get(number);
          modules.add(
              new IrModule(
                  symbol.id().path(),
                  false,
                  row == null ? List.of() : row.dependencies(),
                  row == null ? List.of() : row.exports(),
                  row == null ? List.of() : row.declarations()));
        });
    return new IrPart(
        new IrPackage(
            meta,
            modules,
            tables.imports(),
            tables.shapes(),
            tables.classes(),
            tables.globals(),
            tables.functions(),
            sourceRows,
            entry),
        tables.functionNames(),
        tables.classNames(),
        tables.globalNames(),
        taken);
  }

  // --- parts of the package

  /** What the lowering of functions asks about other parts. */
  private final class Others implements FunctionInstances.Elsewhere {
    @Override
    public int module(FunctionSymbol symbol, boolean generic) {
      ModuleSymbol module = symbol.module();
      if (isOwn(module) || !sources.isOfPackage(module)) {
        return -1;
      }
      if (!generic && sources.isAtTop(symbol)) {
        return moduleNumber(module);
      }
      taken.add(module.id().path());
      return -1;
    }

    @Override
    public TypeLowering types() {
      return classes.types();
    }
  }

  private boolean isOwn(ModuleSymbol module) {
    return own != null && own.checked().symbol() == module;
  }

  /**
   * The classes of a module of which there may be derived ones in other parts or packages, although
   * they are not exported themselves: those that generic declarations derive from or mention, whose
   * instances are made there, and those that have a name by an alias which is exported or
   * mentioned. Nobody makes instances of a module that exports nothing.
   */
  private static Set<ClassSymbol> derivedUnseen(CheckedModule module) {
    Set<ClassSymbol> found = Collections.newSetFromMap(new IdentityHashMap<>());
    if (module.symbol().exports().isEmpty()) {
      return found;
    }
    for (List<ClassTree> trees : List.of(module.classes(), module.localClasses())) {
      for (ClassTree tree : trees) {
        if (trees == module.localClasses() || !tree.symbol().typeParameters().isEmpty()) {
          addWithBases(tree.symbol().base(), found);
        }
      }
    }
    for (Symbol export : module.symbol().exports().values()) {
      addStoodFor(export, found);
    }
    for (CheckedModule.Template template : module.templates().values()) {
      for (Symbol mentioned : template.names().values()) {
        if (mentioned instanceof ClassSymbol c) {
          found.add(c);
        }
        addStoodFor(mentioned, found);
      }
    }
    return found;
  }

  private static void addStoodFor(Symbol symbol, Set<ClassSymbol> to) {
    if (symbol instanceof AliasSymbol alias && alias.type() instanceof Type.ClassInstance c) {
      addWithBases(c, to);
    }
  }

  private static void addWithBases(Type.@Nullable ClassInstance type, Set<ClassSymbol> to) {
    for (Type.ClassInstance at = type; at != null; at = at.symbol().base()) {
      to.add(at.symbol());
    }
  }

  /** Whether all classes that derive from a class are known here. */
  private boolean isClosed(ClassSymbol symbol) {
    return isOwn(symbol.module()) && !symbol.exported() && !derivedFrom.contains(symbol);
  }

  /** The number of an instance of another package's generic class. */
  private int instance(String specifier, String name, List<IrType> arguments) {
    ClassSymbol symbol = sources.templateClass(specifier, name);
    if (symbol == null) {
      throw new IllegalStateException(specifier + " has no template " + name);
    }
    return classes.number(symbol, arguments);
  }

  /** Gives everything that is not generic its number, in source order. */
  private void announce(CheckedModule module) {
    module.globals().forEach(this::global);
    for (FunctionTree tree : module.functions()) {
      if (tree.symbol().type().typeParameters().isEmpty() && !tree.symbol().ambient()) {
        functions.number(tree.symbol(), Environment.EMPTY);
      }
    }
    for (ClassTree tree : module.classes()) {
      if (tree.symbol().typeParameters().isEmpty()) {
        classes.number(tree.symbol(), List.of());
        for (FunctionTree member : tree.functions()) {
          if (member.symbol().type().typeParameters().isEmpty()) {
            functions.number(member.symbol(), Environment.EMPTY);
          }
        }
      } else {
        // Static members do not see the class's type parameters: there is one of each.
        for (FunctionTree member : ClassLowering.staticMethods(tree)) {
          if (member.symbol().type().typeParameters().isEmpty()) {
            functions.number(member.symbol(), Environment.EMPTY);
          }
        }
      }
    }
  }

  private void initialiser(Module module) {
    if (!module.checked().body().isEmpty()) {
      FunctionLowering.initialiser(
          this,
          OWN,
          module.path().isEmpty() ? "<module>" : module.path(),
          new LinkName("init " + module.checked().symbol().id()),
          module.checked().body());
    }
  }

  private int main(CheckedModule module) {
    for (FunctionTree tree : module.functions()) {
      if (tree.symbol().name().equals("main")) {
        return functions.number(tree.symbol(), Environment.EMPTY);
      }
    }
    return -1;
  }

  private void drain(int entry) {
    for (FunctionInstances.Pending p = functions.next(); p != null; p = functions.next()) {
      Set<Trait> extra = EnumSet.noneOf(Trait.class);
      FunctionSymbol symbol = p.tree().symbol();
      if (!symbol.module().external()
          && (symbol.exported() || (symbol.owner() != null && symbol.owner().exported()))) {
        extra.add(Trait.EXPORTED);
      }
      if (p.number() == entry) {
        extra.add(Trait.ENTRY);
      }
      try {
        FunctionLowering.top(this, p, moduleNumber(symbol.module()), extra);
      } catch (NoObjectException e) {
        throw new InstanceException(noObject(symbol, p.environment(), e));
      }
    }
  }

  private Diagnostic noObject(FunctionSymbol symbol, Environment instance, NoObjectException e) {
    String arguments = TypeNames.arguments(tables, instance.inOrder());
    String from = TypeNames.arguments(tables, List.of(e.from()));
    String to = TypeNames.arguments(tables, List.of(e.to()));
    return new Diagnostic(
        DiagnosticCode.E0328,
        symbol.span(),
        "'"
            + symbol.name()
            + arguments
            + "' cannot be: it uses a value of type '"
            + from.substring(1, from.length() - 1)
            + "', which has the members but is no object, as '"
            + to.substring(1, to.length() - 1)
            + "'; give it an object, or let it use the type parameter instead");
  }

  /** The number of a module; what other sources give belongs to who asked for it. */
  private int moduleNumber(ModuleSymbol module) {
    if (!sources.isOfPackage(module)) {
      return current;
    }
    return moduleNumbers.computeIfAbsent(module, _ -> moduleNumbers.size());
  }

  // --- what the lowering of functions asks

  PackageTables tables() {
    return tables;
  }

  FunctionInstances functions() {
    return functions;
  }

  ClassLowering classes() {
    return classes;
  }

  /** What is known of the body around a function of one with local classes, or null. */
  @Nullable CaptureAnalysis around(FunctionSymbol symbol) {
    return sources.locals(symbol.module()).of(symbol);
  }

  FieldAccessors fields() {
    return fields;
  }

  JsonCasts jsonCasts() {
    return jsonCasts;
  }

  /** The number of a module of the package. */
  int numberOf(ModuleSymbol module) {
    if (!sources.isOfPackage(module)) {
      throw new IllegalStateException(module + " is not in the package");
    }
    return moduleNumber(module);
  }

  /** The modules that have a number, in the order of the numbers. */
  List<ModuleSymbol> numbered() {
    return List.copyOf(moduleNumbers.keySet());
  }

  /** The doc comment of a symbol of a module, or the empty string. */
  String documentation(ModuleSymbol module, Symbol symbol) {
    return sources.isOfPackage(module)
        ? takenFrom(module).docs().getOrDefault(symbol.name(), "")
        : "";
  }

  /** The source of a generic declaration of a module of the package, or null. */
  CheckedModule.@Nullable Template source(ModuleSymbol module, Symbol symbol) {
    return sources.isOfPackage(module) ? takenFrom(module).templates().get(symbol) : null;
  }

  private CheckedModule takenFrom(ModuleSymbol module) {
    taken.add(module.id().path());
    return sources.checked(module);
  }

  /** The number of a source file in the package, or -1. */
  int fileNumber(SourceFile file) {
    Integer known = files.get(file);
    if (known == null) {
      known = -1;
      ModuleSymbol module = sources.moduleOf(file);
      if (module != null) {
        known = sourceRows.size();
        // What a capability is declared in is the source of a module of its own as well.
        String name = module.id().isHost() ? module.id().path() : file.name();
        sourceRows.add(new IrPackage.Source(name, Sha256.of(file.digest().bytes())));
      }
      files.put(file, known);
    }
    return known;
  }

  ModuleSymbol moduleOf(Span span) {
    ModuleSymbol module = sources.moduleOf(span.file());
    return module == null ? sources.coreModule() : module;
  }

  /** The part of an environment that a function can see. */
  Environment visible(FunctionSymbol symbol, Environment inside) {
    if (symbol.enclosing() != null) {
      return inside;
    }
    List<IrType> own = inside.bound(symbol.type().typeParameters());
    return Environment.EMPTY.with(symbol.type().typeParameters(), own);
  }

  int global(VariableSymbol variable) {
    if (variable.module().external()) {
      return externals.global(variable);
    }
    return tables.global(
        variable,
        () -> new LinkName(sources.name(variable)),
        () ->
            new LocalGlobal(
                variable.name(),
                classes.types().of(variable.type(), Environment.EMPTY),
                variable.kind() == VariableSymbol.Kind.CONST,
                variable.exported(),
                false));
  }

  /** The type of a field in an instance, as its class stores it. */
  IrType fieldType(FieldSymbol field, IrType receiver, Environment inside) {
    ClassSymbol owner = field.owner();
    if (owner.typeParameters().isEmpty()) {
      return classes.types().property(field.type(), Environment.EMPTY);
    }
    ClassLowering.Instance instance =
        receiver instanceof IrType.ClassType c ? classes.instance(c.number()) : null;
    Environment at =
        instance == null
            ? inside
            : Environment.EMPTY.with(
                owner.typeParameters(),
                classes.argumentsOf(owner, instance.symbol(), instance.arguments()));
    return classes.types().property(field.type(), at);
  }

  /** The function of another package's file that assigns a variable. */
  int setterOf(VariableSymbol variable) {
    return tables.importFunction(
        externals.module(variable.module()), LibraryNames.setter(variable.name()));
  }

  /** The function of another package's file that assigns a static field. */
  int setterOf(FieldSymbol field) {
    ClassSymbol owner = field.owner();
    return tables.importFunction(
        externals.module(owner.module()), LibraryNames.setter(owner.name() + "." + field.name()));
  }

  /** A function that assigns a variable or static field, for importers' instances of templates. */
  int setter(String name, int global, boolean isStatic) {
    if (!(tables.globals().get(global) instanceof LocalGlobal place)) {
      throw new IllegalStateException(name + " is not of this package");
    }
    return tables.function(
        new LinkName("setter " + tables.globalName(global).text()),
        _ -> {
          CodeDraft code = new CodeDraft();
          int value = code.local(place.type(), "value");
          code.load(value);
          code.add(
              new Instruction.Global(isStatic ? Opcode.STORE_STATIC : Opcode.STORE_GLOBAL, global));
          code.leave(Opcode.RETURN_VOID);
          return new IrFunction.Local(
              name,
              new IrType.Function(List.of(place.type()), Basic.VOID),
              current,
              Set.of(),
              -1,
              -1,
              code.locals(),
              List.of(),
              code.blocks(),
              code.regions(),
              code.variables());
        });
  }

  boolean isError(IrType type) {
    if (type == Basic.ERROR) {
      return true;
    }
    return type instanceof IrType.ClassType c
        && switch (tables.classAt(c.number())) {
          case IrClass.Local local -> local.error();
          case IrClass.Imported imported -> imported.parent() != null && isError(imported.parent());
          case IrClass.Collection _ -> false;
        };
  }

  IrShape shapeOf(IrType type) {
    if (type instanceof IrType.Shape shape) {
      return tables.shapeAt(shape.number());
    }
    throw new IllegalStateException("not a structural type: " + type);
  }

  IrShape.@Nullable Property property(IrShape shape, String name) {
    for (IrShape.Property property : shape.properties()) {
      if (property.name().equals(name)) {
        return property;
      }
    }
    return null;
  }

  IrType literalShape(List<IrShape.Property> properties) {
    return new IrType.Shape(tables.shape(new IrShape(true, "", properties, List.of())));
  }

  /** The type of a property that every member of a type has. */
  IrType propertyType(IrType receiver, String name) {
    List<IrType> types = new ArrayList<>();
    for (IrType member : Unions.members(receiver)) {
      types.add(memberType(member, name));
    }
    return types.stream().distinct().count() == 1 ? types.getFirst() : Unions.of(types);
  }

  private IrType memberType(IrType type, String name) {
    if (type instanceof IrType.Shape shape) {
      IrShape.Property property = property(tables.shapeAt(shape.number()), name);
      if (property != null) {
        return property.type();
      }
    }
    for (IrType at = type; at instanceof IrType.ClassType c; ) {
      IrClass found = tables.classAt(c.number());
      List<IrClass.Field> fields =
          switch (found) {
            case IrClass.Local local -> local.fields();
            case IrClass.Imported imported -> imported.fields();
            case IrClass.Collection _ -> List.of();
          };
      for (IrClass.Field field : fields) {
        if (field.name().equals(name)) {
          return field.type();
        }
      }
      at =
          found instanceof IrClass.Local local && local.parent() >= 0
              ? new IrType.ClassType(local.parent())
              : Basic.VOID;
    }
    throw new IllegalStateException(type + " has no property " + name);
  }

  /** The type of a method of a structural type or class. */
  IrType.Function methodType(IrType type, String name) {
    if (type instanceof IrType.ClassType c) {
      switch (tables.classAt(c.number())) {
        case IrClass.Local local -> {
          for (IrClass.Slot slot : local.vtable()) {
            if (slot.name().equals(name)) {
              return functions.type(slot.function(), classes.types());
            }
          }
        }
        case IrClass.Imported imported -> {
          for (IrClass.Method method : imported.methods()) {
            if (method.name().equals(name)) {
              return method.type();
            }
          }
        }
        case IrClass.Collection _ -> {}
      }
    }
    if (propertyType(type, name) instanceof IrType.Function function) {
      return function;
    }
    throw new IllegalStateException(name + " of " + type + " is no method");
  }

  /** The member of a union that has a property. */
  IrType variantWith(IrType type, String name) {
    for (IrType member : Unions.members(type)) {
      if (property(shapeOf(member), name) != null) {
        return member;
      }
    }
    throw new IllegalStateException("no member of " + type + " has " + name);
  }

  BuiltinMembers builtinMembers() {
    return builtinMembers;
  }

  boolean hasTemplate(String name) {
    return sources.hasCore(name);
  }

  FunctionSymbol template(String name) {
    FunctionSymbol symbol = sources.core(name);
    if (symbol == null) {
      throw new IllegalStateException("raya:core has no " + name);
    }
    return symbol;
  }

  boolean mayHaveToString(IrType type) {
    return DisplayLowering.mayHaveToString(tables, type);
  }

  /** The function that displays any value, with the toString methods of objects in it. */
  int displayFunction() {
    if (display < 0) {
      display = tables.announceFunction(new LinkName("display"));
      tables.define(display, DisplayFunction.make(tables, current));
    }
    return display;
  }
}

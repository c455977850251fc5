package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrFunction.Trait;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.IrPackage.IrModule;
import dev.raya.compiler.ir.IrPackage.LocalGlobal;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.lower.TypeLowering.Environment;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FieldSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import dev.raya.compiler.types.VariableSymbol;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lowers all modules of a package. Generic functions and classes, and the functions of {@code
 * raya:core} that are written in Raya, are lowered once for every list of type arguments they are
 * used with; nothing else needs more than one pass.
 */
public final class Lowering {
  /**
   * What to lower.
   *
   * @param modules in order of initialisation
   * @param paths of the modules as EXPT has them, in the same order
   * @param importable the modules other packages may name
   * @param programs modules that are run by their path: their {@code main} gets a row in EXPT
   * @param entry the module whose {@code main} starts the program, or null
   * @param core the functions of {@code raya:core} written in Raya
   * @param imported the generic code of modules of other packages
   * @param decoded the type parameters that casts of json depend on
   */
  public record Request(
      RbinModule.Meta meta,
      List<CheckedModule> modules,
      List<String> paths,
      Set<ModuleSymbol> importable,
      Set<ModuleSymbol> programs,
      @Nullable ModuleSymbol entry,
      CoreFunctions core,
      List<CheckedModule> imported,
      Set<TypeParameterSymbol> decoded) {
    /** Copies the collections. */
    public Request {
      modules = List.copyOf(modules);
      paths = List.copyOf(paths);
      importable = Set.copyOf(importable);
      programs = Set.copyOf(programs);
      imported = List.copyOf(imported);
      decoded = Set.copyOf(decoded);
    }
  }

  private final Request request;
  private final PackageTables tables;
  private final ExternalNames externals;
  private final FunctionInstances functions;
  private final ClassLowering classes;
  private final JsonCasts jsonCasts;
  private final FieldAccessors fields;
  private final Map<ModuleSymbol, Integer> moduleNumbers = new HashMap<>();
  private final Map<SourceFile, Integer> files = new HashMap<>();
  private final Map<String, FunctionSymbol> templates = new HashMap<>();
  private final Map<String, ClassSymbol> templateClasses = new HashMap<>();
  private final External.Source packages;
  private int current;
  private int display = -1;

  private Lowering(Request request, External.Source packages) {
    this.request = request;
    this.packages = packages;
    this.tables = new PackageTables(packages);
    this.externals = new ExternalNames(tables, packages);
    this.functions = new FunctionInstances(tables, externals);
    this.classes =
        new ClassLowering(tables, externals, functions, this::moduleNumber, request.decoded());
    this.fields = new FieldAccessors(tables, classes, externals, () -> current);
    this.jsonCasts = new JsonCasts(tables, classes, functions, () -> current);
  }

  /** Lowers a package. */
  public static IrPackage lower(Request request, External.Source packages) {
    return new Lowering(request, packages).run();
  }

  private IrPackage run() {
    List<IrPackage.Source> sources = new ArrayList<>();
    for (CheckedModule module : request.modules()) {
      moduleNumbers.put(module.symbol(), moduleNumbers.size());
      SourceFile file = module.symbol().file();
      files.put(file, sources.size());
      sources.add(new IrPackage.Source(file.name(), Sha256.of(file.digest().bytes())));
    }
    for (CheckedModule module : request.imported()) {
      register(module);
      for (ClassTree tree : module.classes()) {
        templateClasses.put(
            packages.find(module.symbol().id()).specifier() + '\n' + tree.symbol().name(),
            tree.symbol());
      }
    }
    tables.setTemplates(this::instance);
    request.modules().forEach(this::register);
    int entry = -1;
    for (CheckedModule module : request.modules()) {
      current = moduleNumber(module.symbol());
      announce(module);
      int init = initialiser(module);
      if (module.symbol() == request.entry()) {
        entry = main(module, init);
      }
      drain(entry);
    }
    List<IrModule> modules = new ArrayList<>();
    ExportLowering exports = new ExportLowering(this, externals);
    exports.declare(request.modules(), request.importable()::contains);
    for (int i = 0; i < request.modules().size(); i++) {
      CheckedModule module = request.modules().get(i);
      current = i;
      modules.add(
          exports.module(
              module,
              request.paths().get(i),
              request.importable().contains(module.symbol()),
              request.programs().contains(module.symbol())));
      drain(entry);
    }
    return new IrPackage(
        request.meta(),
        modules,
        tables.imports(),
        tables.shapes(),
        tables.classes(),
        tables.globals(),
        tables.functions(),
        sources,
        entry);
  }

  private void register(CheckedModule module) {
    module.functions().forEach(functions::register);
    for (List<ClassTree> trees : List.of(module.classes(), module.localClasses())) {
      trees.forEach(tree -> tree.functions().forEach(functions::register));
    }
  }

  /** The number of an instance of another package's generic class. */
  private int instance(String specifier, String name, List<IrType> arguments) {
    ClassSymbol symbol = templateClasses.get(specifier + '\n' + name);
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
      }
    }
  }

  private int initialiser(CheckedModule module) {
    if (module.body().isEmpty()) {
      return -1;
    }
    String path = request.paths().get(moduleNumber(module.symbol()));
    return FunctionLowering.initialiser(
        this, current, path.isEmpty() ? "<module>" : path, module.body());
  }

  private int main(CheckedModule module, int init) {
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
      FunctionLowering.top(this, p, moduleNumber(symbol.module()), extra);
    }
  }

  /** The number of a module; what the core library's sources give belongs to who asked for it. */
  private int moduleNumber(ModuleSymbol module) {
    return moduleNumbers.getOrDefault(module, current);
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

  FieldAccessors fields() {
    return fields;
  }

  JsonCasts jsonCasts() {
    return jsonCasts;
  }

  /** The number of a module of the package. */
  int numberOf(ModuleSymbol module) {
    Integer number = moduleNumbers.get(module);
    if (number == null) {
      throw new IllegalStateException(module + " is not in the package");
    }
    return number;
  }

  /** The doc comment of a symbol of a module, or the empty string. */
  String documentation(ModuleSymbol module, Symbol symbol) {
    Integer number = moduleNumbers.get(module);
    return number == null
        ? ""
        : request.modules().get(number).docs().getOrDefault(symbol.name(), "");
  }

  /** The source of a generic declaration of a module of the package, or null. */
  CheckedModule.@Nullable Template source(ModuleSymbol module, Symbol symbol) {
    Integer number = moduleNumbers.get(module);
    return number == null ? null : request.modules().get(number).templates().get(symbol);
  }

  /** The number of a source file in the package, or -1. */
  int fileNumber(SourceFile file) {
    return files.getOrDefault(file, -1);
  }

  ModuleSymbol moduleOf(Span span) {
    for (CheckedModule module : request.modules()) {
      if (module.symbol().file() == span.file()) {
        return module.symbol();
      }
    }
    return request.core().modules().getFirst().symbol();
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
    IrType at = receiver;
    while (at instanceof IrType.ClassType c
        && tables.classAt(c.number()) instanceof IrClass.Local l) {
      if (l.typeArguments().size() == owner.typeParameters().size()
          && l.name().startsWith(owner.name() + "<")) {
        return classes
            .types()
            .property(
                field.type(), Environment.EMPTY.with(owner.typeParameters(), l.typeArguments()));
      }
      at = l.parent() < 0 ? Basic.VOID : new IrType.ClassType(l.parent());
    }
    return classes.types().property(field.type(), inside);
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
        List.of("setter", global),
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

  boolean hasTemplate(String name) {
    return request.core().declares(LibraryNames.declared(name));
  }

  FunctionSymbol template(String name) {
    if (templates.isEmpty()) {
      for (CheckedModule module : request.core().modules()) {
        register(module);
        for (FunctionTree tree : module.functions()) {
          templates.put(LibraryNames.builtin(tree.symbol().name()), tree.symbol());
        }
      }
    }
    FunctionSymbol symbol = templates.get(name);
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
      display = tables.announceFunction();
      tables.define(display, DisplayFunction.make(tables, current));
    }
    return display;
  }
}

package dev.raya.compiler.lower;

import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage.IrGlobal;
import dev.raya.compiler.ir.IrPackage.IrImport;
import dev.raya.compiler.ir.IrShape;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.LinkName;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.ModuleSymbols;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lists of the package under construction. A number is given out when something is first
 * mentioned, in the order of the program's text; the definition may follow.
 */
final class PackageTables {
  private final List<@Nullable IrFunction> functions = new ArrayList<>();
  private final List<@Nullable LinkName> functionNames = new ArrayList<>();
  private final List<LinkName> classLinks = new ArrayList<>();
  private final List<LinkName> globalNames = new ArrayList<>();
  private final List<@Nullable IrClass> classes = new ArrayList<>();
  private final List<String> classNames = new ArrayList<>();
  private final List<@Nullable IrShape> shapes = new ArrayList<>();
  private final List<IrGlobal> globals = new ArrayList<>();
  private final List<IrImport> imports = new ArrayList<>();
  private final List<External> externals = new ArrayList<>();
  private final Map<String, Integer> importNumbers = new HashMap<>();
  private final Map<IrShape, Integer> shapeNumbers = new HashMap<>();
  private final Map<Object, Integer> functionNumbers = new HashMap<>();
  private final Map<Object, Integer> classNumbers = new HashMap<>();
  private final Map<Object, Integer> globalNumbers = new HashMap<>();
  private final Map<Integer, TypeImporter> importers = new HashMap<>();
  private final Map<List<Object>, String> importedNames = new HashMap<>();
  private final External.Source packages;
  private Templates templates = (_, _, _) -> -1;

  PackageTables(External.Source packages) {
    this.packages = packages;
  }

  /** Finds instances of generic classes of other packages. */
  interface Templates {
    /** The number of the instance of the class that a module declares. */
    int instance(String specifier, String name, List<IrType> arguments);
  }

  void setTemplates(Templates templates) {
    this.templates = templates;
  }

  IrType instance(String specifier, String name, List<IrType> arguments) {
    return new IrType.ClassType(templates.instance(specifier, name, arguments));
  }

  /** The number of a function that stands in another one; null marks it as announced. */
  int announceFunction() {
    return announceFunction(null);
  }

  /** A function's number; null marks it as announced. */
  int announceFunction(@Nullable LinkName name) {
    functions.add(null);
    functionNames.add(name);
    return functions.size() - 1;
  }

  void define(int function, IrFunction definition) {
    functions.set(function, definition);
  }

  /** The number of a function that may be known; {@code make} gets the number of a new one. */
  int function(LinkName name, IntFunction<@Nullable IrFunction> make) {
    return function(name, () -> name, make);
  }

  /** As above, for a name that is only made for a new one. */
  int function(Object key, Supplier<LinkName> name, IntFunction<@Nullable IrFunction> make) {
    Integer known = functionNumbers.get(key);
    if (known != null) {
      return known;
    }
    int number = announceFunction(name.get());
    functionNumbers.put(key, number);
    IrFunction definition = make.apply(number);
    if (definition != null) {
      functions.set(number, definition);
    }
    return number;
  }

  /** The number of a class; {@code make} may announce others, this one included. */
  int classNumber(LinkName link, String name, IntFunction<@Nullable IrClass> make) {
    return classNumber(link, () -> link, name, make);
  }

  /** As above, for a link that is only made for a new one. */
  int classNumber(
      Object key, Supplier<LinkName> link, String name, IntFunction<@Nullable IrClass> make) {
    Integer known = classNumbers.get(key);
    if (known != null) {
      return known;
    }
    classes.add(null);
    classLinks.add(link.get());
    classNames.add(name);
    int number = classes.size() - 1;
    classNumbers.put(key, number);
    IrClass definition = make.apply(number);
    if (definition != null) {
      classes.set(number, definition);
    }
    return number;
  }

  void define(int number, IrClass definition) {
    classes.set(number, definition);
  }

  IrClass classAt(int number) {
    IrClass found = classes.get(number);
    if (found == null) {
      throw new IllegalStateException("class " + number + " is not defined yet");
    }
    return found;
  }

  /** The name of a class, known before its definition. */
  String className(int number) {
    return classNames.get(number);
  }

  int announceShape() {
    shapes.add(null);
    return shapes.size() - 1;
  }

  /** The shape, or null while it is being defined. */
  @Nullable IrShape shapeOrNull(int number) {
    return shapes.get(number);
  }

  void define(int number, IrShape definition) {
    shapes.set(number, definition);
  }

  IrShape shapeAt(int number) {
    IrShape found = shapes.get(number);
    if (found == null) {
      throw new IllegalStateException("shape " + number + " is not defined yet");
    }
    return found;
  }

  /** The number of a shape that is complete. */
  int shape(IrShape shape) {
    return shapeNumbers.computeIfAbsent(
        shape,
        s -> {
          shapes.add(s);
          return shapes.size() - 1;
        });
  }

  int global(LinkName name, Supplier<IrGlobal> make) {
    return global(name, () -> name, make);
  }

  int global(Object key, Supplier<LinkName> name, Supplier<IrGlobal> make) {
    Integer known = globalNumbers.get(key);
    if (known == null) {
      IrGlobal made = make.get();
      globals.add(made);
      globalNames.add(name.get());
      known = globals.size() - 1;
      globalNumbers.put(key, known);
    }
    return known;
  }

  /** The import of a module. */
  int importOf(External external) {
    Integer known = importNumbers.get(external.specifier());
    if (known == null) {
      known = imports.size();
      imports.add(
          new IrImport(
              external.specifier(),
              external.versionRange(),
              external.file().meta().interfaceDigest(),
              0));
      externals.add(external);
      importNumbers.put(external.specifier(), known);
    }
    return known;
  }

  /** The import of a module by its specifier. */
  int importNamed(String specifier) {
    return importOf(packages.named(specifier));
  }

  /** Records that something was imported that needs grants. */
  void require(int imported, int grants) {
    IrImport old = imports.get(imported);
    imports.set(
        imported,
        new IrImport(
            old.specifier(), old.versionRange(), old.interfaceDigest(), old.grants() | grants));
  }

  /** The export row of an imported module. */
  RbinModule.Export export(int imported, String name, int kind) {
    External external = externals.get(imported);
    for (RbinModule.Export export : external.file().modules().get(external.module()).exports()) {
      if (export.name().equals(name) && export.kind() == kind) {
        return export;
      }
    }
    throw new IllegalStateException(
        external.specifier() + " does not export " + name + " of kind " + kind);
  }

  /** Turns types of an imported module's file into types of this package. */
  TypeImporter importer(int imported) {
    TypeImporter known = importers.get(imported);
    if (known == null) {
      known = new TypeImporter(this, imported, externals.get(imported));
      importers.put(imported, known);
    }
    return known;
  }

  /** An imported function; a member of a class by any of the class's names. */
  int importFunction(int imported, String exported) {
    int member = exported.indexOf('#');
    String name =
        member < 0
            ? exported
            : className(imported, exported.substring(0, member)) + exported.substring(member);
    return function(
        importedName(imported, name),
        _ -> {
          RbinModule.Export export = export(imported, name, RbinModule.ExportKind.FUNCTION);
          require(imported, export.grants() & Capabilities.ALL);
          IrType type = importer(imported).type(export.type());
          if (member > 0) {
            importClass(imported, name.substring(0, name.indexOf('#')));
          }
          return new IrFunction.Imported(name, (IrType.Function) type, imported);
        });
  }

  /** An imported constant. */
  int importGlobal(int imported, String name) {
    return global(
        importedName(imported, name),
        () -> {
          RbinModule.Export export = export(imported, name, RbinModule.ExportKind.CONSTANT);
          return new dev.raya.compiler.ir.IrPackage.ImportedGlobal(
              name, importer(imported).type(export.type()), imported);
        });
  }

  /** An imported class: the same one under each of the names its package exports it as. */
  int importClass(int imported, String exported) {
    int ref = export(imported, exported, RbinModule.ExportKind.CLASS).target();
    if (importer(imported).className(ref) == null
        && importer(imported).type(ref, exported) instanceof IrType.ClassType elsewhere) {
      return elsewhere.number();
    }
    String name = className(imported, exported);
    return classNumber(
        importedName(imported, name),
        name,
        number -> {
          RbinModule.Export export = export(imported, name, RbinModule.ExportKind.CLASS);
          define(number, new IrClass.Imported(name, imported, null, List.of(), List.of()));
          return importer(imported).shape(name, export.type());
        });
  }

  private LinkName importedName(int imported, String name) {
    return new LinkName("import " + imports.get(imported).specifier() + " " + name);
  }

  private String className(int imported, String exported) {
    return importedNames.computeIfAbsent(
        List.of(imported, exported),
        _ -> {
          int ref = export(imported, exported, RbinModule.ExportKind.CLASS).target();
          String name = importer(imported).className(ref);
          return name == null ? exported : name;
        });
  }

  /** The class a type is. */
  IrClass classOf(IrType type) {
    if (type instanceof IrType.ClassType c) {
      return classAt(c.number());
    }
    throw new IllegalStateException("not a class: " + type);
  }

  /** What the class a type is is called in all parts. */
  LinkName linkOf(IrType type) {
    if (type instanceof IrType.ClassType c) {
      return classLinks.get(c.number());
    }
    throw new IllegalStateException("not a class: " + type);
  }

  /** Whether the import is that of {@code raya:core}. */
  boolean isCore(int imported) {
    return imports.get(imported).specifier().equals(ModuleSymbols.CORE);
  }

  IrFunction functionAt(int number) {
    IrFunction found = functions.get(number);
    if (found == null) {
      throw new IllegalStateException("function " + number + " is not defined yet");
    }
    return found;
  }

  List<@Nullable LinkName> functionNames() {
    return functionNames;
  }

  List<LinkName> classNames() {
    return classLinks;
  }

  List<LinkName> globalNames() {
    return globalNames;
  }

  /** The name that a global has in all parts. */
  LinkName globalName(int number) {
    return globalNames.get(number);
  }

  List<IrFunction> functions() {
    return functions.stream().map(java.util.Objects::requireNonNull).toList();
  }

  List<IrClass> classes() {
    return classes.stream().map(java.util.Objects::requireNonNull).toList();
  }

  List<IrShape> shapes() {
    return shapes.stream().map(java.util.Objects::requireNonNull).toList();
  }

  List<IrGlobal> globals() {
    return globals;
  }

  List<IrImport> imports() {
    return imports;
  }
}

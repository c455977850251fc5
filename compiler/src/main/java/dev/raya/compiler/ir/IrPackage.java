package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Sha256;
import java.util.List;

/**
 * A whole package, or one module of it, ready for code generation. Everything refers to everything
 * by index in these lists.
 *
 * @param meta identity of the file to make; grants and interface digest are worked out later
 * @param entry number of the function {@code main}, or -1
 */
public record IrPackage(
    RbinModule.Meta meta,
    List<IrModule> modules,
    List<IrImport> imports,
    List<IrShape> shapes,
    List<IrClass> classes,
    List<IrGlobal> globals,
    List<IrFunction> functions,
    List<Source> sources,
    int entry) {
  /** Copies the lists. */
  public IrPackage {
    modules = List.copyOf(modules);
    imports = List.copyOf(imports);
    shapes = List.copyOf(shapes);
    classes = List.copyOf(classes);
    globals = List.copyOf(globals);
    functions = List.copyOf(functions);
    sources = List.copyOf(sources);
  }

  /** A source file, package-relative. */
  public record Source(String name, Sha256 digest) {}

  /**
   * An imported module of another package.
   *
   * @param grants what using it needs
   */
  public record IrImport(
      String specifier, String versionRange, Sha256 interfaceDigest, int grants) {}

  /** A module-level variable or static field. */
  public sealed interface IrGlobal {
    /** Its name. */
    String name();

    /** Its type. */
    IrType type();
  }

  /** A variable of this package. */
  public record LocalGlobal(
      String name, IrType type, boolean constant, boolean exported, boolean isStatic)
      implements IrGlobal {}

  /** A constant of another package. */
  public record ImportedGlobal(String name, IrType type, int imported) implements IrGlobal {}

  /**
   * A module.
   *
   * @param path as EXPT has it
   * @param importable whether other packages may name it
   * @param dependencies in import order
   */
  public record IrModule(
      String path,
      boolean importable,
      List<Dependency> dependencies,
      List<IrExport> exports,
      List<Declaration> declarations) {
    /** Copies the lists. */
    public IrModule {
      dependencies = List.copyOf(dependencies);
      exports = List.copyOf(exports);
      declarations = List.copyOf(declarations);
    }
  }

  /** A module or (if {@code imported}) an import that a module is initialised after. */
  public record Dependency(boolean imported, int number) {}

  /** What a name means to importers; targets are numbers of this package. */
  public sealed interface IrExport {
    /** The name. */
    String name();

    /** A function. */
    record OfFunction(String name, int function, boolean internal) implements IrExport {}

    /** A class. */
    record OfClass(String name, int type, boolean internal) implements IrExport {}

    /** A variable. */
    record OfGlobal(String name, int global, boolean internal) implements IrExport {}

    /** A type. */
    record OfType(String name, IrType type, boolean internal) implements IrExport {}

    /** Something of another package. */
    record Again(String name, int imported, int kind, String member) implements IrExport {}
  }

  /**
   * A row of DECL.
   *
   * @param template whether the text is a whole generic declaration
   * @param doc the doc comment, or empty
   */
  public record Declaration(
      String name, boolean template, int line, String text, List<FreeName> freeNames, String doc) {
    /** Copies the list. */
    public Declaration {
      freeNames = List.copyOf(freeNames);
    }
  }

  /**
   * A name in a declaration: of a module of this package, or (if {@code imported}) of an import.
   */
  public record FreeName(String local, boolean imported, int module, String name) {}
}

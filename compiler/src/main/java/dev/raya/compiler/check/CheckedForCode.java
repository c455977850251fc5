package dev.raya.compiler.check;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.TypeParameterSymbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program of which the modules have been checked whose code is to be made; the others are in
 * order, and checked if something asks for their bodies. Owned by one thread with a deep stack.
 */
public final class CheckedForCode {
  /**
   * A module.
   *
   * @param content digest of its text
   * @param key digest of all that its check depends on
   * @param made whether there is code of it
   */
  public record Module(ModuleId id, SourceFile file, Digest content, Digest key, boolean made) {}

  /** Something is not what was remembered of it, so that only a whole check can go on. */
  public static final class UnexpectedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnexpectedException(String what) {
      super(what, null, false, false);
    }
  }

  /** Checks the bodies of modules. */
  interface Bodies {
    /** The module of an id of the program, with its bodies checked. */
    CheckedModule of(ModuleId id);

    /** The symbol of a module of the program. */
    ModuleSymbol symbol(ModuleId id);
  }

  private final List<Diagnostic> diagnostics;
  private final List<Module> modules;
  private final Checker checker;
  private final Bodies bodies;
  private final DecodedParameters decoded;

  CheckedForCode(
      List<Diagnostic> diagnostics,
      List<Module> modules,
      Checker checker,
      Bodies bodies,
      DecodedParameters decoded) {
    this.diagnostics = List.copyOf(diagnostics);
    this.modules = List.copyOf(modules);
    this.checker = checker;
    this.bodies = bodies;
    this.decoded = decoded;
  }

  /** What was found, in order of file, line, column, code. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** The local modules in order of initialisation. */
  public List<Module> modules() {
    return modules;
  }

  /**
   * A module with its bodies checked.
   *
   * @throws UnexpectedException if it has errors, though it was remembered as one without
   */
  public CheckedModule bodies(ModuleSymbol module) {
    return bodies.of(module.id());
  }

  /** The symbol of a local module. */
  public ModuleSymbol symbol(ModuleId module) {
    return bodies.symbol(module);
  }

  /** The generic code of a module of another package. */
  public CheckedModule templates(ModuleSymbol module) {
    return decoded.templates(module);
  }

  /** The modules of other packages that are loaded. */
  public List<ModuleSymbol> externals() {
    return checker.externals();
  }

  /** Whether a symbol is the one that a module declares at its top under its name. */
  public boolean declaresAtTop(ModuleSymbol module, Symbol symbol) {
    return checker.declaresAtTop(module, symbol);
  }

  /** The module that a file is the source or the declarations of, or null. */
  public @Nullable ModuleSymbol moduleOf(SourceFile file) {
    return checker.moduleOf(file);
  }

  /** Whether a cast of json depends on a type parameter, or on one that it is passed on to. */
  public boolean isDecoded(TypeParameterSymbol parameter) {
    return decoded.isDecoded(parameter);
  }
}

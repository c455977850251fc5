package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import dev.raya.compiler.types.StructureSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import dev.raya.compiler.types.Unions;
import dev.raya.compiler.types.VariableSymbol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The globals every module sees (stdlib.md 2), read from ambient declarations. Members of the
 * classes {@code Array}, {@code ReadonlyArray}, {@code string} and {@code number} are those of
 * values of these types. One instance serves one compilation.
 */
final class Library {
  private static final String RESOURCE = "/dev/raya/compiler/stdlib/core.d.raya";

  private final ModuleSymbol module;
  private final Scope scope = new Scope(null);
  private final Map<Symbol, String> deprecated = new IdentityHashMap<>();
  private final Map<FunctionSymbol, List<String>> forms = new IdentityHashMap<>();

  private Library(SourceFile file) {
    module = new ModuleSymbol(new ModuleId("raya:core", ""), file, true);
  }

  /**
   * Reads the declarations.
   *
   * @throws IllegalStateException if they have an error, which is a fault of this program
   */
  static Library load() {
    SourceFile file = SourceFile.of("raya:core", text());
    Library library = new Library(file);
    Diagnostics diagnostics = new Diagnostics();
    ModuleSyntax syntax = Parser.parseDeclarations(file, diagnostics);
    ModuleChecker checker = new ModuleChecker(library.module, library, diagnostics, new Deferred());
    checker.declareLibrary(library.scope, syntax);
    if (diagnostics.hasErrors()) {
      throw new IllegalStateException("core declarations: " + diagnostics.sorted());
    }
    library.readForms();
    return library;
  }

  private void readForms() {
    for (Symbol s : scope.symbols()) {
      for (FunctionSymbol form :
          s instanceof ClassSymbol c ? c.methods() : List.<FunctionSymbol>of()) {
        int end = form.name().indexOf('$');
        if (end > 0 && form.owner() != null) {
          for (FunctionSymbol plain : form.owner().methodsNamed(form.name().substring(0, end))) {
            forms.computeIfAbsent(plain, _ -> new ArrayList<>()).add(form.name());
          }
        }
      }
    }
  }

  /**
   * The names of the other forms of a member, in the order of their declarations. A member declared
   * as {@code name$Form} is a form of the one called {@code name}.
   */
  List<String> forms(FunctionSymbol plain) {
    return forms.getOrDefault(plain, List.of());
  }

  private static String text() {
    try (InputStream in = Library.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the comments of declarations call deprecated, with the reason given. */
  Map<Symbol, String> deprecated() {
    return deprecated;
  }

  ModuleSymbol module() {
    return module;
  }

  Scope scope() {
    return scope;
  }

  /** The globals that a module of the library exports, by name (stdlib.md 4, 17). */
  Map<String, Symbol> reexports(String moduleName) {
    return switch (moduleName) {
      case "raya:core" -> scope.named(name -> name.indexOf('$') < 0);
      case "raya:json" -> scope.named(name -> name.equals("JSON"));
      case "raya:sync" -> scope.named(name -> name.equals("Mutex") || name.equals("Channel"));
      default -> Map.of();
    };
  }

  /** The ambient class of functions that only the compiler calls. */
  static final String JSON_FUNCTIONS = "raya$Json";

  FunctionSymbol jsonFunction(String name) {
    for (FunctionSymbol f : classNamed(JSON_FUNCTIONS).staticMethods()) {
      if (f.name().equals(name)) {
        return f;
      }
    }
    throw new IllegalStateException("core declares no " + JSON_FUNCTIONS + "." + name);
  }

  Type.ClassInstance regExp() {
    return new Type.ClassInstance(classNamed("RegExp"), List.of());
  }

  FunctionSymbol regExpConstructor() {
    return java.util.Objects.requireNonNull(classNamed("RegExp").constructor());
  }

  private ClassSymbol classNamed(String name) {
    if (scope.own(name) instanceof ClassSymbol c) {
      return c;
    }
    throw new IllegalStateException("core declares no class " + name);
  }

  /** The type whose members a value of a type has, or null if it has none. */
  @Nullable Type host(Type type) {
    return switch (type) {
      case Type.Array a ->
          new Type.ClassInstance(
              classNamed(a.readonly() ? "ReadonlyArray" : "Array"), List.of(a.element()));
      case Type.Tuple t ->
          new Type.ClassInstance(classNamed("ReadonlyArray"), List.of(Unions.of(t.elements())));
      case Type.ClassInstance c -> c;
      case Type.Structure s -> s;
      default ->
          Unions.isNumeric(type)
              ? new Type.ClassInstance(classNamed("number"), List.of())
              : Unions.isString(type)
                  ? new Type.ClassInstance(classNamed("string"), List.of())
                  : null;
    };
  }

  /** Whether a type is Uint8Array, whose elements are int. */
  boolean isBytes(Type type) {
    return type instanceof Type.ClassInstance c
        && c.symbol().module() == module
        && c.symbol().name().equals("Uint8Array");
  }

  boolean isRegExp(Type type) {
    return type instanceof Type.ClassInstance c
        && c.symbol().module() == module
        && c.symbol().name().equals("RegExp");
  }

  boolean isTask(Type.ClassInstance c) {
    return c.symbol().module() == module && c.symbol().name().equals("Task");
  }

  Type task(Type result) {
    return new Type.ClassInstance(classNamed("Task"), List.of(result));
  }

  Type.ClassInstance error() {
    return new Type.ClassInstance(classNamed("Error"), List.of());
  }

  /** The structure {@code Iterable<T>}. */
  Type iterable(Type element) {
    if (scope.own("Iterable") instanceof StructureSymbol s) {
      return new Type.Structure(s, List.of(element));
    }
    throw new IllegalStateException("core declares no Iterable");
  }

  /** {@code Class.member}, or the function's name; read-only arrays share the names of arrays. */
  String builtinName(FunctionSymbol f) {
    ClassSymbol owner = f.owner();
    if (owner == null) {
      return f.name();
    }
    String type =
        owner.name().equals("ReadonlyArray")
            ? "Array"
            : owner.name().equals("ReadonlyMap") ? "Map" : owner.name();
    return f.name().equals("call") ? type : type + '.' + f.name();
  }

  /** The value of a global that is a constant. */
  @Nullable Double constant(VariableSymbol v) {
    if (v.module() != module) {
      return null;
    }
    return switch (v.name()) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      default -> null;
    };
  }
}

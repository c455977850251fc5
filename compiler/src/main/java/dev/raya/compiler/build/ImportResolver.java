package dev.raya.compiler.build;

import dev.raya.compiler.bind.ModuleInterface;
import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.lower.DeclarationText;
import dev.raya.compiler.lower.External;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.types.ModuleId;
import dev.raya.resolver.name.ImportSpecifier;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what imports name (language.md 16.2): files of the package, the standard library, locked
 * packages. Never goes to the network. One instance serves one compilation.
 */
final class ImportResolver implements ModuleResolver, External.Source {
  private static final String SUFFIX = ".raya";
  private static final String STANDARD = "raya:";
  private static final String REFLECT = "reflect";

  /** What a capability exports that nobody declares. */
  private static final String INVOKE = "  export function invoke(...args: json[]): json;\n";

  /** Names of modules that stdlib.md 8 and 17 keep, and that this version does not have. */
  private static final Set<String> RESERVED = Set.of("net", "simd", "sql", "supervise", "vm");

  /** Native modules beside which the library has a module of the same name. */
  private static final Set<String> LIKE_NATIVE = Set.of("crypto", "fs");

  private final SourceTree sources;
  private final StandardLibrary library;
  private final PackageImports packages;
  private final boolean ofLibrary;
  private final Exporters exporters;
  private final Map<ModuleId, External> externals = new LinkedHashMap<>();

  /** Where capabilities are declared; a file of its own for each, as each is a module. */
  private final Map<String, SourceFile> capabilities = new HashMap<>();

  /** Of each capability the files that declare it, as often as they do. */
  private final Map<String, List<SourceFile>> declared = new HashMap<>();

  /** The files that were looked at for declarations of capabilities. */
  private final Set<String> scanned = new HashSet<>();

  /**
   * A resolver for one compilation.
   *
   * @param ofLibrary whether the sources are the standard library's
   */
  ImportResolver(
      SourceTree sources, StandardLibrary library, PackageImports packages, boolean ofLibrary) {
    this.sources = sources;
    this.library = library;
    this.packages = packages;
    this.ofLibrary = ofLibrary;
    this.exporters = new Exporters(sources, library, packages);
  }

  @Override
  public List<Exporter> exporters(ModuleId importer, String name) {
    return ofLibrary ? List.of() : exporters.of(importer, name);
  }

  @Override
  public boolean mayDeclareBuiltins(ModuleId module) {
    // raya:test is compiled into the programs that use it.
    return ofLibrary
        || module.isHost()
        || module.isLocal()
            && module.path().equals(STANDARD + StandardLibrary.TEST)
            && sources.file(module.path()) == null;
  }

  @Override
  public Resolution resolve(ModuleId importer, String specifier) {
    if (!importer.isLocal()) {
      return mentioned(specifier);
    }
    if (specifier.startsWith("http://")) {
      return refuse(DiagnosticCode.E0507, "imports from the web use https");
    }
    if (specifier.startsWith(ModuleId.HOST)) {
      return capability(importer, specifier);
    }
    try {
      return switch (ImportSpecifier.parse(specifier)) {
        case ImportSpecifier.Relative relative -> relative(importer, relative.path());
        case ImportSpecifier.Standard standard -> standard(standard.module());
        case ImportSpecifier.FromPackage wanted -> fromPackage(importer, wanted);
        case ImportSpecifier.Native wanted ->
            refuse(
                DiagnosticCode.E0509,
                "no native module '"
                    + wanted.module()
                    + "' is known here"
                    + (LIKE_NATIVE.contains(wanted.module())
                        ? "; 'raya:" + wanted.module() + "' does what it would do"
                        : ": a package brings it with its .rdef, and none in raya.lock does"));
        case ImportSpecifier.FromUrl(String url) -> fromUrl(url);
      };
    } catch (NameException | VersionException e) {
      return refuse(DiagnosticCode.E0514, "malformed import: " + e.getMessage());
    }
  }

  /** A refusal that proposes the most similar of the specifiers that could be meant. */
  private static Resolution refuse(
      DiagnosticCode code, String message, String specifier, List<String> known) {
    List<String> similar = Suggestions.similar(specifier, known);
    return new Resolution.Refused(code, message, similar.isEmpty() ? null : similar.getFirst());
  }

  private static Resolution refuse(DiagnosticCode code, String message) {
    return new Resolution.Refused(code, message);
  }

  /** The resolution of a file of the package, for the modules a compilation starts from. */
  Resolution source(String name) {
    SourceFile file = sources.file(name);
    return file == null
        ? refuse(DiagnosticCode.E0501, "there is no file '" + name + "'")
        : new Resolution.Source(new ModuleId("", name), file);
  }

  private Resolution relative(ModuleId importer, String path) {
    String name = normalise(importer.path(), path);
    if (name == null) {
      return refuse(DiagnosticCode.E0501, "'" + path + "' lies outside of the package");
    }
    Resolution found = source(name.endsWith(SUFFIX) ? name : name + SUFFIX);
    return found instanceof Resolution.Refused(DiagnosticCode code, String message, _)
        ? refuse(code, message, path, exporters.specifiers(importer.path()))
        : found;
  }

  private static @Nullable String normalise(String importer, String path) {
    if (path.startsWith("./")
        && path.length() > 2
        && path.indexOf("/.", 1) < 0
        && !path.contains("//")
        && !path.endsWith("/")) {
      // Nothing to take apart, as in nearly all imports: a check resolves all of them each time.
      return importer.substring(0, importer.lastIndexOf('/') + 1) + path.substring(2);
    }
    Deque<String> parts = new ArrayDeque<>(List.of(importer.split("/")));
    parts.removeLast();
    for (String part : path.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.pollLast() == null) {
            return null;
          }
        }
        default -> parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  private Resolution standard(String name) {
    if (StandardLibrary.AS_SOURCE.contains(name)) {
      String id = STANDARD + name;
      return new Resolution.Source(
          new ModuleId("", id), SourceFile.of(id, StandardLibrary.source(name).text()));
    }
    if (name.equals(REFLECT)) {
      return refuse(
          DiagnosticCode.E0513,
          "'raya:reflect' needs a program built with --emit-reflection, which this version does not"
              + " offer");
    }
    if (StandardLibrary.OF_GLOBALS.contains(name)) {
      ModuleId id = new ModuleId(STANDARD + name, "");
      externals.put(id, library.core());
      return new Resolution.Interface(new ModuleInterface(id, List.of()));
    }
    RbinModule file = library.module(name);
    if (file == null) {
      if (RESERVED.contains(name)) {
        return refuse(
            DiagnosticCode.E0508,
            "'raya:"
                + name
                + "' is kept for later: this version's standard library has no such module");
      }
      List<String> known = new ArrayList<>(StandardLibrary.NAMES);
      known.addAll(StandardLibrary.OF_GLOBALS);
      known.add(StandardLibrary.TEST);
      // Compared without the prefix, which would make any two short names look alike.
      List<String> similar = Suggestions.similar(name, known);
      return new Resolution.Refused(
          DiagnosticCode.E0508,
          "the standard library has no module 'raya:" + name + "'",
          similar.isEmpty() ? null : STANDARD + similar.getFirst());
    }
    return external(new ModuleId(STANDARD + name, ""), STANDARD + name, "", file);
  }

  /**
   * A capability, from what the package declares of it, in whatever file; else it has {@code
   * invoke} alone (stdlib.md 8).
   */
  private Resolution capability(ModuleId importer, String specifier) {
    String name = specifier.substring(ModuleId.HOST.length());
    if (!isCapabilityName(name)) {
      return refuse(
          DiagnosticCode.E0514,
          "malformed import: '"
              + name
              + "' is no name of a capability (letters, digits and -_. after a letter, at most 64)");
    }
    List<SourceFile> declaring = declaring(importer, specifier);
    if (declaring.size() > 1) {
      return refuse(
          DiagnosticCode.E0509,
          "'"
              + specifier
              + "' is declared in '"
              + declaring.get(0).name()
              + "' and again in '"
              + declaring.get(1).name()
              + "'; a package declares a capability once");
    }
    SourceFile known = capabilities.get(specifier);
    if (known == null) {
      String none = "declare module \"" + specifier + "\" {\n" + INVOKE + "}\n";
      known =
          declaring.isEmpty()
              ? SourceFile.of(specifier, none)
              : SourceFile.of(declaring.getFirst().name(), declaring.getFirst().text());
      capabilities.put(specifier, known);
    }
    return new Resolution.Source(new ModuleId("", specifier), known);
  }

  /**
   * The files that declare a capability, sorted, one for each declaration: of a package all of its
   * files, whichever imports first. Of files beside one another a program is only some, so there
   * the importing file goes first, and what another importer took is kept to.
   */
  private List<SourceFile> declaring(ModuleId importer, String specifier) {
    if (scanned.isEmpty()) {
      sources.allNames().forEach(this::scan);
    }
    // A program that is made of the sources is none of them.
    scan(importer.path());
    List<SourceFile> all = declared.getOrDefault(specifier, List.of());
    if (sources.isPackage()) {
      return all;
    }
    List<SourceFile> own = all.stream().filter(f -> f.name().equals(importer.path())).toList();
    List<SourceFile> found = new ArrayList<>(own.isEmpty() ? all : own);
    SourceFile known = capabilities.get(specifier);
    if (known != null && found.stream().noneMatch(f -> f.name().equals(known.name()))) {
      found.addFirst(known);
    } else if (known != null && own.isEmpty()) {
      found.removeIf(f -> !f.name().equals(known.name()));
    }
    return found;
  }

  /** Reads what a file of the package declares, once. */
  private void scan(String name) {
    SourceFile file = scanned.add(name) ? sources.file(name) : null;
    if (file == null || !file.text().contains(ModuleId.HOST) || !file.text().contains("declare")) {
      return;
    }
    for (Statement s : Parser.parse(file, new Diagnostics()).items()) {
      if (s instanceof Statement.AmbientModule m) {
        declared.computeIfAbsent(m.name().text(), _ -> new ArrayList<>()).add(file);
      }
    }
  }

  private static boolean isCapabilityName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.'))) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= 64;
  }

  /** The address of an archive that the manifest takes is another way to write that dependency. */
  private Resolution fromUrl(String url) throws NameException, VersionException {
    String name = packages.nameOf(url);
    if (name == null) {
      return refuse(
          DiagnosticCode.E0507,
          "'" + url + "' is not in raya.lock; `raya-pm add NAME --url " + url + "` pins it");
    }
    return ImportSpecifier.parse(name) instanceof ImportSpecifier.FromPackage wanted
        ? fromPackage(wanted)
        : refuse(DiagnosticCode.E0507, "'" + url + "' has no name that can be imported");
  }

  /** A package; one that is missing may be meant as a file that lies where the import stands. */
  private Resolution fromPackage(ModuleId importer, ImportSpecifier.FromPackage wanted)
      throws VersionException {
    Resolution found = fromPackage(wanted);
    String beside = "./" + wanted.name().text() + suffix(wanted.path().text());
    return found instanceof Resolution.Refused(DiagnosticCode code, String message, _)
            && code == DiagnosticCode.E0505
            && relative(importer, beside) instanceof Resolution.Source
        ? new Resolution.Refused(code, message, beside)
        : found;
  }

  private static String suffix(String path) {
    return path.isEmpty() ? "" : "/" + path;
  }

  private Resolution fromPackage(ImportSpecifier.FromPackage wanted) throws VersionException {
    String name = wanted.name().text();
    return switch (packages.find(name)) {
      case PackageImports.Answer.Missing missing ->
          switch (missing.reason()) {
            case NOT_IN_MANIFEST ->
                refuse(
                    DiagnosticCode.E0505,
                    "package '" + name + "' is not in raya.toml: " + missing.message(),
                    name,
                    packages.names());
            case NOT_INSTALLED ->
                refuse(DiagnosticCode.E0506, "package '" + name + "': " + missing.message());
            case TOO_NEW ->
                refuse(DiagnosticCode.E0516, "package '" + name + "': " + missing.message());
          };
      case PackageImports.Answer.Found found -> {
        if (wanted.range() != null && !wanted.range().contains(Version.parse(found.version()))) {
          yield refuse(
              DiagnosticCode.E0506,
              "'"
                  + name
                  + "' is locked at "
                  + found.version()
                  + ", which the import's range "
                  + wanted.range().text()
                  + " excludes");
        }
        String path = wanted.path().text();
        ModuleId id = new ModuleId(name, path);
        String specifier = path.isEmpty() ? name : name + "/" + path;
        yield external(id, specifier, found.range(), found.file());
      }
    };
  }

  private Resolution external(ModuleId id, String specifier, String range, RbinModule file) {
    if (file.meta().languageLevel() > Compiler.LANGUAGE_LEVEL) {
      return refuse(
          DiagnosticCode.E0516,
          "'"
              + specifier
              + "' is written in level "
              + file.meta().languageLevel()
              + " of the language, this compiler knows level "
              + Compiler.LANGUAGE_LEVEL
              + "; use a newer toolchain or an older version of the package");
    }
    int module = -1;
    for (int i = 0; i < file.modules().size(); i++) {
      RbinModule.ModuleDef candidate = file.modules().get(i);
      if (candidate.path().equals(id.path())
          && (candidate.flags() & RbinModule.ModuleDef.IMPORTABLE) != 0) {
        module = i;
      }
    }
    if (module < 0) {
      return refuse(DiagnosticCode.E0510, "the package exports no module '" + id.path() + "'");
    }
    if (file.decls() == null) {
      return refuse(DiagnosticCode.E0515, "'" + specifier + "' was built without type information");
    }
    externals.put(id, new External(specifier, range, file, module));
    return new Resolution.Interface(declarations(id, file, module));
  }

  private ModuleInterface declarations(ModuleId id, RbinModule file, int module) {
    List<ModuleInterface.Declaration> rows = new ArrayList<>();
    if (file.decls() != null) {
      for (RbinModule.Decl decl : file.decls()) {
        if (decl.module() == module) {
          List<ModuleInterface.FreeName> names = new ArrayList<>();
          for (RbinModule.FreeName free : decl.freeNames()) {
            names.add(
                new ModuleInterface.FreeName(
                    free.local(), target(id, file, module, free), free.name()));
          }
          rows.add(
              new ModuleInterface.Declaration(
                  decl.name(), canBeNamed(file, module, decl), decl.text(), decl.line(), names));
        }
      }
    }
    return new ModuleInterface(id, rows);
  }

  /** Of a module that cannot be imported only declarations name anything, so all may be named. */
  private static boolean canBeNamed(RbinModule file, int module, RbinModule.Decl decl) {
    return !decl.text().startsWith(DeclarationText.INTERNAL)
        || (file.modules().get(module).flags() & RbinModule.ModuleDef.IMPORTABLE) == 0;
  }

  /** The module that a free name of a declaration means, made known. */
  private ModuleId target(ModuleId id, RbinModule file, int module, RbinModule.FreeName free) {
    if (free.kind() == 1) {
      String specifier = file.imports().get(free.module()).specifier();
      if (specifier.startsWith(STANDARD)) {
        return new ModuleId(specifier, "");
      }
      int slash =
          specifier.indexOf('/', specifier.startsWith("@") ? specifier.indexOf('/') + 1 : 0);
      return slash < 0
          ? new ModuleId(specifier, "")
          : new ModuleId(specifier.substring(0, slash), specifier.substring(slash + 1));
    }
    if (free.module() == module || free.kind() == 2) {
      return id;
    }
    String path = file.modules().get(free.module()).path();
    ModuleId other = new ModuleId(id.packageName(), path);
    externals.putIfAbsent(
        other,
        new External(
            path.isEmpty() ? id.packageName() : id.packageName() + "/" + path,
            "",
            file,
            free.module()));
    return other;
  }

  /** A module that the declarations of another one mention, by its id's text. */
  private Resolution mentioned(String id) {
    for (Map.Entry<ModuleId, External> entry : externals.entrySet()) {
      if (entry.getKey().toString().equals(id)) {
        External external = entry.getValue();
        return new Resolution.Interface(
            declarations(entry.getKey(), external.file(), external.module()));
      }
    }
    if (id.startsWith(STANDARD)) {
      return standard(id.substring(STANDARD.length()));
    }
    try {
      if (ImportSpecifier.parse(id) instanceof ImportSpecifier.FromPackage wanted
          && fromPackage(wanted) instanceof Resolution.Interface known) {
        return known;
      }
    } catch (NameException | VersionException e) {
      return refuse(DiagnosticCode.E0514, "malformed import: " + e.getMessage());
    }
    return refuse(
        DiagnosticCode.E0515,
        "an imported package's declarations need the package '"
            + id
            + "'; add it to raya.toml as well");
  }

  @Override
  public External find(ModuleId id) {
    if (id.packageName().equals(StandardLibrary.CORE)) {
      return library.core();
    }
    External known = externals.get(id);
    if (known == null) {
      throw new IllegalStateException("module " + id + " was not resolved");
    }
    return known;
  }

  @Override
  public External named(String specifier) {
    if (specifier.equals(StandardLibrary.CORE)) {
      return library.core();
    }
    for (External external : externals.values()) {
      if (external.specifier().equals(specifier)) {
        return external;
      }
    }
    throw new IllegalStateException("no module is imported as " + specifier);
  }
}

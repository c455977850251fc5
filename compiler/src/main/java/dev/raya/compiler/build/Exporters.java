package dev.raya.compiler.build;

import dev.raya.compiler.bind.ModuleResolver.Exporter;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.lower.DeclarationText;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.types.ModuleId;
import dev.raya.vm.bytecode.RbinModule;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which modules export a name: files of the package, packages of the manifest, the standard
 * library. Asked only when a name is unknown; a file is read when its text holds the name.
 */
final class Exporters {
  private static final String SUFFIX = ".raya";
  private static final String TESTS = ".test.raya";

  private final SourceTree sources;
  private final StandardLibrary library;
  private final PackageImports packages;
  private final Map<String, Set<String>> ofFiles = new HashMap<>();

  Exporters(SourceTree sources, StandardLibrary library, PackageImports packages) {
    this.sources = sources;
    this.library = library;
    this.packages = packages;
  }

  /** The modules that export a name, as an importer writes them; the nearest first. */
  List<Exporter> of(ModuleId importer, String name) {
    List<Exporter> found = new ArrayList<>();
    for (String file : files(importer.path())) {
      if (!file.equals(importer.path()) && exports(file, name)) {
        found.add(new Exporter(specifier(importer.path(), file), false));
      }
    }
    for (String alias : packages.names()) {
      if (packages.find(alias) instanceof PackageImports.Answer.Found answer) {
        of(answer.file(), alias, name, found);
      }
    }
    for (String module : StandardLibrary.NAMES) {
      RbinModule file = library.module(module);
      if (file != null) {
        of(file, "raya:" + module, name, found);
      }
      if (module.equals(name)) {
        found.add(new Exporter("raya:" + module, true));
      }
    }
    SourceFile tests = StandardLibrary.source(StandardLibrary.TEST);
    if (importer.path().endsWith(TESTS) && exported(tests).contains(name)) {
      found.add(new Exporter("raya:" + StandardLibrary.TEST, false));
    }
    return found;
  }

  /** The files of the package as an importer writes them, those in its folder first. */
  List<String> specifiers(String importer) {
    return files(importer).stream()
        .filter(file -> !file.equals(importer))
        .map(file -> specifier(importer, file))
        .toList();
  }

  /** The files of the package, those in the importer's folder first. */
  private List<String> files(String importer) {
    String folder = folder(importer);
    return sources.names().stream()
        .filter(file -> file.endsWith(SUFFIX) && !file.endsWith(TESTS))
        .sorted(
            Comparator.<String, Boolean>comparing(file -> !folder(file).equals(folder))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static String folder(String file) {
    return file.substring(0, file.lastIndexOf('/') + 1);
  }

  private boolean exports(String name, String wanted) {
    SourceFile file = readable(name);
    return file != null
        && file.text().contains(wanted)
        && ofFiles.computeIfAbsent(name, unread -> exported(file)).contains(wanted);
  }

  /** A file that nothing imports may be unreadable or too long: then it proposes nothing. */
  private @Nullable SourceFile readable(String name) {
    try {
      return sources.file(name);
    } catch (UncheckedIOException unreadable) {
      return null;
    }
  }

  private static Set<String> exported(SourceFile file) {
    Set<String> names = new HashSet<>();
    for (Statement s : Parser.parse(file, new Diagnostics()).items()) {
      switch (s) {
        case Statement.ExportDeclaration e -> {
          switch (e.declaration()) {
            case Statement.Function f -> names.add(f.name().text());
            case Statement.Class c -> names.add(c.name().text());
            case Statement.Interface i -> names.add(i.name().text());
            case Statement.Alias a -> names.add(a.name().text());
            case Statement.Variables v -> {
              for (Statement.Binding b : v.bindings()) {
                if (b.target() instanceof Pattern.Identifier(Name name)) {
                  names.add(name.text());
                }
              }
            }
          }
        }
        case Statement.ExportNames e -> e.names().forEach(n -> names.add(n.exported().text()));
        default -> {}
      }
    }
    return names;
  }

  private static void of(RbinModule file, String alias, String name, List<Exporter> found) {
    if (file.decls() == null) {
      return;
    }
    for (RbinModule.Decl decl : file.decls()) {
      RbinModule.ModuleDef module = file.modules().get(decl.module());
      if (decl.name().equals(name)
          && (module.flags() & RbinModule.ModuleDef.IMPORTABLE) != 0
          && !decl.text().startsWith(DeclarationText.INTERNAL)) {
        Exporter exporter =
            new Exporter(module.path().isEmpty() ? alias : alias + "/" + module.path(), false);
        if (!found.contains(exporter)) {
          found.add(exporter);
        }
      }
    }
  }

  /** A file as another one imports it. */
  static String specifier(String importer, String file) {
    List<String> from = List.of(folder(importer).split("/"));
    List<String> to = List.of(folder(file).split("/"));
    int common = 0;
    while (common < Math.min(from.size(), to.size()) && from.get(common).equals(to.get(common))) {
      common++;
    }
    StringBuilder out = new StringBuilder();
    for (int i = common; i < from.size(); i++) {
      out.append(from.get(i).isEmpty() ? "" : "../");
    }
    if (out.isEmpty()) {
      out.append("./");
    }
    for (int i = common; i < to.size(); i++) {
      out.append(to.get(i)).append(to.get(i).isEmpty() ? "" : "/");
    }
    String name = file.substring(file.lastIndexOf('/') + 1);
    return out.append(name, 0, name.length() - SUFFIX.length()).toString();
  }
}

package dev.raya.cli.rayac;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.doc.DocExample;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.resolver.manifest.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The program that an example in a doc comment is: a module beside the file it stands in, with the
 * line numbers of that file. What the package's users write, {@code import … from "PACKAGE"}, means
 * the package's own files; an example without imports sees what its file exports.
 */
final class ExampleProgram {
  private ExampleProgram() {}

  /**
   * Makes the program.
   *
   * @param file the file that the example stands in, named as the compiler does
   * @param manifest of the package it belongs to, or null
   */
  static SourceFile of(SourceFile file, DocExample example, @Nullable Manifest manifest) {
    String name = file.name() + " (example)";
    ModuleSyntax syntax = Parser.parse(SourceFile.of(name, example.source()), new Diagnostics());
    String text = withOwnFiles(example.source(), syntax, modules(file.name(), manifest));
    String imports = hasImports(syntax) ? "" : importOf(file, declared(syntax));
    return SourceFile.of(name, "\n".repeat(example.line() - 1) + imports + '\n' + text);
  }

  /** What users write for the modules of a package, and the files they are. */
  private static Map<String, String> modules(String from, @Nullable Manifest manifest) {
    Map<String, String> modules = new HashMap<>();
    if (manifest == null || manifest.name() == null) {
      return modules;
    }
    String own = manifest.name().text();
    String up = "../".repeat((int) from.chars().filter(c -> c == '/').count());
    String base = up.isEmpty() ? "./" : up;
    if (manifest.about() != null && manifest.about().main() != null) {
      modules.put(own, base + manifest.about().main());
    }
    manifest
        .exports()
        .forEach((path, target) -> modules.put(own + "/" + path.text(), base + target));
    return modules;
  }

  private static String withOwnFiles(
      String source, ModuleSyntax syntax, Map<String, String> modules) {
    StringBuilder text = new StringBuilder(source);
    List<Statement> items = new ArrayList<>(syntax.items());
    for (Statement s : items.reversed()) {
      Statement.Specifier specifier = specifier(s);
      String file = specifier == null ? null : modules.get(specifier.text());
      if (specifier != null && file != null) {
        Span span = specifier.span();
        text.replace(span.start(), span.end(), '"' + file + '"');
      }
    }
    return text.toString();
  }

  private static Statement.@Nullable Specifier specifier(Statement s) {
    return switch (s) {
      case Statement.Import i -> i.specifier();
      case Statement.ExportNames e -> e.from();
      case Statement.ExportAll e -> e.from();
      default -> null;
    };
  }

  private static boolean hasImports(ModuleSyntax syntax) {
    return syntax.items().stream().anyMatch(s -> s instanceof Statement.Import);
  }

  private static String importOf(SourceFile file, Set<String> taken) {
    Set<String> names = new LinkedHashSet<>();
    for (Statement s : Parser.parse(file, new Diagnostics()).items()) {
      switch (s) {
        case Statement.ExportDeclaration e -> names.addAll(names(e.declaration()));
        case Statement.ExportNames e -> e.names().forEach(n -> names.add(n.exported().text()));
        default -> {}
      }
    }
    names.removeAll(taken);
    names.remove("main");
    String module = file.name().substring(file.name().lastIndexOf('/') + 1);
    return names.isEmpty()
        ? ""
        : "import { " + String.join(", ", names) + " } from \"./" + module + "\";";
  }

  private static Set<String> declared(ModuleSyntax syntax) {
    Set<String> names = new LinkedHashSet<>();
    for (Statement s : syntax.items()) {
      switch (s) {
        case Statement.Declaration d -> names.addAll(names(d));
        case Statement.ExportDeclaration e -> names.addAll(names(e.declaration()));
        default -> {}
      }
    }
    return names;
  }

  private static List<String> names(Statement.Declaration d) {
    return switch (d) {
      case Statement.Function f -> List.of(f.name().text());
      case Statement.Class c -> List.of(c.name().text());
      case Statement.Interface i -> List.of(i.name().text());
      case Statement.Alias a -> List.of(a.name().text());
      case Statement.Variables v -> {
        List<String> names = new ArrayList<>();
        v.bindings().forEach(b -> bound(b.target(), names));
        yield names;
      }
    };
  }

  private static void bound(Pattern pattern, List<String> names) {
    switch (pattern) {
      case Pattern.Identifier i -> names.add(i.name().text());
      case Pattern.ArrayPattern a -> {
        for (Pattern.@Nullable Element e : a.elements()) {
          if (e != null) {
            bound(e.target(), names);
          }
        }
        if (a.rest() != null) {
          bound(a.rest(), names);
        }
      }
      case Pattern.ObjectPattern o -> {
        o.properties().forEach(p -> bound(p.element().target(), names));
        Name rest = o.rest();
        if (rest != null) {
          names.add(rest.text());
        }
      }
    }
  }
}

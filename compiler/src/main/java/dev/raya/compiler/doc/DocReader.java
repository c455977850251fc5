package dev.raya.compiler.doc;

import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Pattern;
import dev.raya.compiler.syntax.Statement;
import dev.raya.vm.bytecode.RbinModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documentation of what a package exports. Declarations are shown as their author wrote
 * them; where a type was left to inference, as the compiler's interface ({@code rbin.md} 3.12) has
 * them. The package must compile. One instance serves one package and one thread.
 */
public final class DocReader {
  private static final String SUFFIX = ".raya";

  /**
   * A declaration that was found.
   *
   * @param inferred whether its signature lacks a type that the author left out
   */
  record Found(DocItem item, boolean inferred) {
    Found named(String name) {
      return new Found(item.named(name), inferred);
    }
  }

  private final SourceTree sources;
  private final Map<String, ModuleSyntax> parsed = new HashMap<>();
  private final Map<String, String> declared = new HashMap<>();

  /**
   * A reader of a package's sources.
   *
   * @param interfaces the compiled package, for inferred types; null to do without
   */
  public DocReader(SourceTree sources, @Nullable RbinModule interfaces) {
    this.sources = sources;
    if (interfaces != null && interfaces.decls() != null) {
      for (RbinModule.Decl row : interfaces.decls()) {
        String module = interfaces.modules().get(row.module()).path();
        declared.put(module + '#' + row.name(), row.text());
      }
    }
  }

  /** The documentation of the importable modules of a request. */
  public DocPackage read(Compiler.Request request) {
    Map<String, DocPackage.Module> modules = new TreeMap<>();
    for (Compiler.Root root : request.roots()) {
      if (root.importable()) {
        String name = request.packageName().isEmpty() ? root.file() : request.packageName();
        String specifier = root.path().isEmpty() ? name : name + '/' + root.path();
        modules.put(root.path(), module(root, specifier));
      }
    }
    return new DocPackage(request.packageName(), request.version(), List.copyOf(modules.values()));
  }

  private DocPackage.Module module(Compiler.Root root, String specifier) {
    Map<String, Found> items = new TreeMap<>();
    exports(root.file(), items, new HashSet<>());
    List<DocItem> shown = new ArrayList<>();
    items.forEach(
        (name, found) -> {
          if (!found.item().doc().internal()) {
            shown.add(complete(root.path(), found.named(name)));
          }
        });
    ModuleSyntax syntax = syntax(root.file());
    return new DocPackage.Module(
        specifier, DocText.parse(syntax == null ? null : syntax.doc()), shown);
  }

  /** Adds the type that the compiler inferred where the author left it out. */
  private DocItem complete(String path, Found found) {
    DocItem item = found.item();
    String row = found.inferred() ? declared.get(path + '#' + item.name()) : null;
    String type = row == null ? null : InferredType.of(row);
    return type == null
        ? item
        : new DocItem(
            item.kind(),
            item.name(),
            item.signature() + ": " + type,
            item.doc(),
            item.members(),
            item.source());
  }

  private @Nullable ModuleSyntax syntax(String file) {
    ModuleSyntax known = parsed.get(file);
    if (known == null) {
      SourceFile source = sources.file(file);
      if (source == null) {
        return null;
      }
      known = Parser.parse(source, new Diagnostics());
      parsed.put(file, known);
    }
    return known;
  }

  /** Collects what a file exports; what it declares itself goes before what it passes on. */
  private void exports(String file, Map<String, Found> out, Set<String> visited) {
    ModuleSyntax syntax = syntax(file);
    if (syntax == null || !visited.add(file)) {
      return;
    }
    for (Statement item : syntax.items()) {
      if (item instanceof Statement.ExportDeclaration exported) {
        declarations(exported.declaration(), out);
      } else if (item instanceof Statement.ExportNames names) {
        names(file, syntax, names, out);
      }
    }
    for (Statement item : syntax.items()) {
      if (item instanceof Statement.ExportAll all) {
        exportAll(file, all, out, visited);
      }
    }
  }

  private void exportAll(
      String file, Statement.ExportAll all, Map<String, Found> out, Set<String> visited) {
    String target = relative(file, all.from().text());
    Name namespace = all.namespace();
    if (namespace != null) {
      Map<String, Found> members = new TreeMap<>();
      if (target != null) {
        exports(target, members, new HashSet<>());
      }
      out.putIfAbsent(
          namespace.text(),
          new Found(
              new DocItem(
                  DocItem.Kind.NAMESPACE,
                  namespace.text(),
                  Signatures.tidy(all.span().text()),
                  DocText.NONE,
                  members.values().stream().map(Found::item).toList(),
                  Signatures.place(all.span())),
              false));
    } else if (target != null) {
      Map<String, Found> passed = new TreeMap<>();
      exports(target, passed, visited);
      passed.forEach(out::putIfAbsent);
    }
  }

  private void names(
      String file, ModuleSyntax syntax, Statement.ExportNames names, Map<String, Found> out) {
    for (Statement.ExportName name : names.names()) {
      Statement.Specifier from = names.from();
      Found found =
          from == null
              ? local(file, syntax, name.local().text(), new HashSet<>())
              : passed(file, from.text(), name.local().text(), new HashSet<>());
      if (found != null) {
        out.put(name.exported().text(), found.named(name.exported().text()));
      }
    }
  }

  /** What a name means in a file: a declaration of it, or what it imports. */
  private @Nullable Found local(
      String file, ModuleSyntax syntax, String name, Set<String> visited) {
    Map<String, Found> found = new TreeMap<>();
    for (Statement item : syntax.items()) {
      if (item instanceof Statement.Declaration declaration) {
        declarations(declaration, found);
      } else if (item instanceof Statement.ExportDeclaration exported) {
        declarations(exported.declaration(), found);
      } else if (item instanceof Statement.Import imported) {
        for (Statement.ImportName one : imported.names()) {
          if (one.local().text().equals(name)) {
            return passed(file, imported.specifier().text(), one.name().text(), visited);
          }
        }
      }
    }
    return found.get(name);
  }

  private @Nullable Found passed(String file, String specifier, String name, Set<String> visited) {
    String target = relative(file, specifier);
    if (target == null) {
      String text = "export { " + name + " } from \"" + specifier + "\"";
      return new Found(
          new DocItem(DocItem.Kind.REFERENCE, name, text, DocText.NONE, List.of(), ""), false);
    }
    if (!visited.add(target + '#' + name)) {
      return null;
    }
    Map<String, Found> exported = new TreeMap<>();
    exports(target, exported, new HashSet<>());
    return exported.get(name);
  }

  /** The file that a relative specifier names; null for packages and the standard library. */
  private static @Nullable String relative(String importer, String specifier) {
    if (!specifier.startsWith("./") && !specifier.startsWith("../")) {
      return null;
    }
    List<String> parts = new ArrayList<>(List.of(importer.split("/")));
    parts.removeLast();
    for (String part : specifier.split("/")) {
      switch (part) {
        case "", "." -> {}
        case ".." -> {
          if (parts.isEmpty()) {
            return null;
          }
          parts.removeLast();
        }
        default -> parts.add(part);
      }
    }
    String name = String.join("/", parts);
    return name.endsWith(SUFFIX) ? name : name + SUFFIX;
  }

  private static void declarations(Statement.Declaration declaration, Map<String, Found> out) {
    switch (declaration) {
      case Statement.Function f -> out.put(f.name().text(), Signatures.function(f));
      case Statement.Class c -> out.put(c.name().text(), Signatures.classLike(c));
      case Statement.Interface i -> out.put(i.name().text(), Signatures.interfaceLike(i));
      case Statement.Alias a -> out.put(a.name().text(), Signatures.alias(a));
      case Statement.Variables v ->
          v.bindings()
              .forEach(
                  binding -> {
                    if (binding.target() instanceof Pattern.Identifier(Name name)) {
                      out.put(name.text(), Signatures.variable(v, binding, name));
                    }
                  });
    }
  }
}

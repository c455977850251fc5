package dev.raya.compiler.check;

import dev.raya.compiler.bind.ModuleResolver;
import dev.raya.compiler.bind.ModuleResolver.Exporter;
import dev.raya.compiler.bind.ModuleResolver.Resolution;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ModuleSyntax;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.syntax.Statement;
import dev.raya.compiler.types.ModuleId;
import dev.raya.compiler.types.ModuleSymbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Imports of what other modules export under an unknown name: a name added to an import that is
 * there, or a new import after the others. None is proposed that would close a cycle.
 */
final class MissingImports implements ImportProposals {
  private static final int MAX_PROPOSALS = 3;

  /** Reads a module's text, once. */
  @FunctionalInterface
  interface Parsing {
    Checker.Parsed parse(ModuleId id, SourceFile file);
  }

  private final ModuleResolver resolver;
  private final Parsing parsing;

  MissingImports(ModuleResolver resolver, Parsing parsing) {
    this.resolver = resolver;
    this.parsing = parsing;
  }

  @Override
  public List<Diagnostic.Fix> of(ModuleSymbol module, Name name) {
    SourceFile file = module.file();
    if (module.external() || name.span().file() != file) {
      return List.of();
    }
    ModuleSyntax syntax = parsing.parse(module.id(), file).syntax();
    boolean qualifies = file.text().startsWith(".", name.span().end());
    List<Diagnostic.Fix> fixes = new ArrayList<>();
    for (Exporter exporter : resolver.exporters(module.id(), name.text())) {
      if (fixes.size() < MAX_PROPOSALS
          && (!exporter.whole() || qualifies)
          && !closesCycle(module.id(), exporter)) {
        fixes.add(fix(syntax, name.text(), exporter));
      }
    }
    return fixes;
  }

  private boolean closesCycle(ModuleId importer, Exporter exporter) {
    return resolver.resolve(importer, exporter.specifier())
            instanceof Resolution.Source(ModuleId id, SourceFile file)
        && reaches(id, file, importer, new HashSet<>());
  }

  private boolean reaches(ModuleId from, SourceFile file, ModuleId wanted, Set<ModuleId> seen) {
    if (from.equals(wanted)) {
      return true;
    }
    if (!seen.add(from)) {
      return false;
    }
    for (Statement s : parsing.parse(from, file).syntax().items()) {
      Statement.Specifier specifier =
          switch (s) {
            case Statement.Import i -> Checker.isTypeOnly(i) ? null : i.specifier();
            case Statement.ExportNames e -> e.typeOnly() ? null : e.from();
            case Statement.ExportAll e -> e.from();
            default -> null;
          };
      if (specifier != null
          && specifier.text().startsWith(".")
          && resolver.resolve(from, specifier.text())
              instanceof Resolution.Source(ModuleId id, SourceFile next)
          && reaches(id, next, wanted, seen)) {
        return true;
      }
    }
    return false;
  }

  private static Diagnostic.Fix fix(ModuleSyntax syntax, String name, Exporter exporter) {
    String specifier = exporter.specifier();
    SourceFile file = syntax.file();
    String title =
        exporter.whole()
            ? "import \"" + specifier + "\" as '" + name + "'"
            : "import '" + name + "' from \"" + specifier + "\"";
    Statement.@Nullable Import last = null;
    for (Statement s : syntax.items()) {
      if (s instanceof Statement.Import i) {
        if (!exporter.whole()
            && i.specifier().text().equals(specifier)
            && !i.typeOnly()
            && !i.names().isEmpty()) {
          int end = i.names().getLast().span().end();
          return new Diagnostic.Fix(new Span(file, end, end), ", " + name, title);
        }
        last = i;
      }
    }
    String statement =
        "import "
            + (exporter.whole() ? "* as " + name : "{ " + name + " }")
            + " from \""
            + specifier
            + "\";";
    String newline = file.text().contains("\r\n") ? "\r\n" : "\n";
    if (last != null) {
      int end = last.span().end();
      return new Diagnostic.Fix(new Span(file, end, end), newline + statement, title);
    }
    int start = start(file.text());
    return new Diagnostic.Fix(new Span(file, start, start), statement + newline, title);
  }

  /** Where the first import stands: after a byte order mark, a {@code #!} line and a header. */
  private static int start(String text) {
    int at = text.startsWith("\uFEFF") ? 1 : 0;
    if (text.startsWith("#!", at)) {
      at = afterLine(text, at);
    }
    int end = at;
    while (end < text.length()) {
      if (text.startsWith("//", end)) {
        end = afterLine(text, end);
      } else if (text.startsWith("/*", end) && !text.startsWith("/**", end)) {
        int close = text.indexOf("*/", end);
        end = close < 0 ? text.length() : afterLine(text, close);
      } else {
        break;
      }
    }
    // Comments that a blank line follows speak of the file, others of what comes next.
    boolean header = end > at && (text.startsWith("\n", end) || text.startsWith("\r\n", end));
    return header ? afterLine(text, end) : at;
  }

  private static int afterLine(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end + 1;
  }
}

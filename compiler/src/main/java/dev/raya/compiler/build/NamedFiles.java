package dev.raya.compiler.build;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.resolver.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a manifest names ({@code main}, {@code [exports]}, {@code [bin]}). What is wrong
 * with them is shown where the manifest names them: the file itself has no line to show.
 */
final class NamedFiles {
  private NamedFiles() {}

  /**
   * What a project lacks of what is asked to be compiled: each file, or any at all.
   *
   * @param project its folder
   * @param request what its manifest asks for
   * @return one diagnostic (E0501) a missing file, in the manifest
   * @throws IOException if the manifest cannot be read
   */
  static List<Diagnostic> missing(Path project, Compiler.Request request) throws IOException {
    List<String> files = new ArrayList<>();
    for (Compiler.Root root : request.roots()) {
      if (!files.contains(root.file()) && !Files.isRegularFile(project.resolve(root.file()))) {
        files.add(root.file());
      }
    }
    if (files.isEmpty() && !request.roots().isEmpty()) {
      return List.of();
    }
    String text =
        new String(Files.readAllBytes(project.resolve(Manifest.FILE_NAME)), StandardCharsets.UTF_8);
    SourceFile manifest = SourceFile.of(Manifest.FILE_NAME, text);
    List<Diagnostic> found = new ArrayList<>();
    for (String file : files) {
      found.add(
          new Diagnostic(
              DiagnosticCode.E0501,
              place(manifest, text, file),
              "there is no file '" + file + "'"));
    }
    if (request.roots().isEmpty()) {
      found.add(
          new Diagnostic(
              DiagnosticCode.E0501,
              place(manifest, text, "package"),
              "no module is named: write main = \"src/main.raya\" into [package], or [exports] or"
                  + " [bin]"));
    }
    found.sort(Diagnostic.ORDER);
    return found;
  }

  /** Where a manifest holds a quoted text or a table's name, else its beginning. */
  private static Span place(SourceFile manifest, String text, String word) {
    for (String form : List.of('"' + word + '"', '\'' + word + '\'', '[' + word + ']')) {
      int at = text.indexOf(form);
      if (at >= 0) {
        return new Span(manifest, at, at + form.length());
      }
    }
    return new Span(manifest, 0, 0);
  }
}

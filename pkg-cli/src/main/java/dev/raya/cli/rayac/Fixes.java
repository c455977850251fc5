package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.source.SourceFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Applies what diagnostics propose. A diagnostic with several proposals leaves the choice to the
 * user; and a file that is no longer what it was when it was read is left alone.
 */
final class Fixes {
  /** Mending one thing may show the next; more rounds than this are a circle. */
  static final int MAX_ROUNDS = 8;

  private Fixes() {}

  /**
   * What was done.
   *
   * @param applied edits made
   * @param files the files that were written, as the compiler names them
   * @param stale files that changed meanwhile
   */
  record Applied(int applied, List<String> files, List<String> stale) {}

  /**
   * Writes the mended files.
   *
   * @param root what the compiler's names of files are relative to
   */
  static Applied apply(List<Diagnostic> diagnostics, Path root) throws CommandException {
    Map<SourceFile, List<SourceEdits.Edit>> edits = new LinkedHashMap<>();
    for (Diagnostic diagnostic : diagnostics) {
      if (diagnostic.fixes().size() == 1) {
        Diagnostic.Fix fix = diagnostic.fixes().getFirst();
        edits
            .computeIfAbsent(fix.span().file(), file -> new ArrayList<>())
            .add(new SourceEdits.Edit(fix.span().start(), fix.span().end(), fix.replacement()));
      }
    }
    int applied = 0;
    List<String> files = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    for (Map.Entry<SourceFile, List<SourceEdits.Edit>> entry : edits.entrySet()) {
      SourceFile source = entry.getKey();
      Path file = root.resolve(source.name()).normalize();
      if (!file.startsWith(root) || !Files.isRegularFile(file)) {
        continue; // the standard library or a package
      }
      SourceFile now = SourceFiles.read(file, source.name());
      if (!DiagnosticFindings.digest(now).equals(DiagnosticFindings.digest(source))) {
        stale.add(source.name());
        continue;
      }
      SourceEdits.Edited edited = SourceEdits.apply(source.text(), entry.getValue());
      SourceEdits.replace(file, edited.text());
      applied += edited.applied();
      files.add(source.name());
    }
    return new Applied(applied, List.copyOf(files), List.copyOf(stale));
  }
}

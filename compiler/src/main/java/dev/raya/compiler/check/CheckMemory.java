package dev.raya.compiler.check;

import dev.raya.cache.digest.Digest;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.types.ModuleId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What earlier checks found out about the local modules of a program, for {@link IncrementalCheck}.
 * Only modules without errors are remembered.
 */
public interface CheckMemory {
  /** What is remembered of a module, or null. */
  @Nullable Entry find(ModuleId module);

  /** Replaces what is remembered of a module; null forgets it. */
  void put(ModuleId module, @Nullable Entry entry);

  /** A memory that is always empty. */
  CheckMemory NONE =
      new CheckMemory() {
        @Override
        public @Nullable Entry find(ModuleId module) {
          return null;
        }

        @Override
        public void put(ModuleId module, @Nullable Entry entry) {}
      };

  /**
   * A module that was checked and has no error.
   *
   * @param content digest of its text
   * @param key digest of all that its check depended on
   * @param typed digest of what importers can see of it: its typed interface
   * @param imports what it imports and re-exports, in textual order
   * @param decoded where its type parameters are that casts of json depend on, in UTF-16 units
   * @param warnings what the check told
   */
  record Entry(
      Digest content,
      Digest key,
      Digest typed,
      List<Import> imports,
      List<Integer> decoded,
      List<Warning> warnings) {
    /** Copies the lists. */
    public Entry {
      imports = List.copyOf(imports);
      decoded = List.copyOf(decoded);
      warnings = List.copyOf(warnings);
    }

    /** Whether all warnings lie in a text, which is read if there are any. */
    boolean fits(SourceFile file) {
      if (warnings.isEmpty()) {
        return true;
      }
      int length = file.text().length();
      for (Warning warning : warnings) {
        boolean fits = warning.range().fits(length);
        for (Note note : warning.notes()) {
          fits &= note.range().fits(length);
        }
        for (Fix fix : warning.fixes()) {
          fits &= fix.range().fits(length);
        }
        if (!fits) {
          return false;
        }
      }
      return true;
    }
  }

  /** An import as written. */
  record Import(String specifier, boolean typeOnly) {}

  /** A part of the module's text, in UTF-16 units. */
  record Range(int start, int end) {
    private static @Nullable Range of(Span span, SourceFile file) {
      return span.file() == file ? new Range(span.start(), span.end()) : null;
    }

    private boolean fits(int length) {
      return 0 <= start && start <= end && end <= length;
    }

    private Span in(SourceFile file) {
      return new Span(file, start, end);
    }
  }

  /** A note of a warning. */
  record Note(Range range, String message) {}

  /** A fix of a warning. */
  record Fix(Range range, String replacement, String title) {}

  /** A diagnostic that is no error, all of it in the module's own text. */
  record Warning(
      DiagnosticCode code, Range range, String message, List<Note> notes, List<Fix> fixes) {
    /** Copies the lists. */
    public Warning {
      notes = List.copyOf(notes);
      fixes = List.copyOf(fixes);
    }

    /** What can be remembered of a diagnostic: null if it is an error or speaks of other files. */
    static @Nullable Warning of(Diagnostic diagnostic, SourceFile file) {
      Range at = Range.of(diagnostic.span(), file);
      if (at == null || diagnostic.isError()) {
        return null;
      }
      List<Note> notes = new ArrayList<>();
      for (Diagnostic.Note note : diagnostic.notes()) {
        Range range = Range.of(note.span(), file);
        if (range == null) {
          return null;
        }
        notes.add(new Note(range, note.message()));
      }
      List<Fix> fixes = new ArrayList<>();
      for (Diagnostic.Fix fix : diagnostic.fixes()) {
        Range range = Range.of(fix.span(), file);
        if (range == null) {
          return null;
        }
        fixes.add(new Fix(range, fix.replacement(), fix.title()));
      }
      return new Warning(diagnostic.code(), at, diagnostic.message(), notes, fixes);
    }

    /** The diagnostic again, in a file of the same text. */
    Diagnostic in(SourceFile file) {
      List<Diagnostic.Note> spoken = new ArrayList<>();
      for (Note note : notes) {
        spoken.add(new Diagnostic.Note(note.range().in(file), note.message()));
      }
      List<Diagnostic.Fix> edits = new ArrayList<>();
      for (Fix fix : fixes) {
        edits.add(new Diagnostic.Fix(fix.range().in(file), fix.replacement(), fix.title()));
      }
      return new Diagnostic(code, range.in(file), message, spoken, edits);
    }
  }
}

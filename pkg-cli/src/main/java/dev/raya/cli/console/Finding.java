package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One diagnostic as the envelope carries it (cli.md 1): a code, a message, a place, notes and
 * fixes.
 *
 * @param code stable code, e.g. {@code RAYA-PKG-006}; looked up in the registry of codes for its
 *     exit code and title
 * @param severity how bad it is
 * @param message what happened, in one or two lines
 * @param span where, or null
 * @param excerpt the source line with a caret, or another long quotation; null if there is none
 * @param notes further facts, secondary places, and what to try next
 * @param fixes changes that would mend it
 * @param explanation a long account, e.g. a derivation; the first thing to go under a token budget
 */
public record Finding(
    String code,
    Severity severity,
    String message,
    @Nullable Span span,
    @Nullable String excerpt,
    List<Note> notes,
    List<Fix> fixes,
    @Nullable Json explanation) {

  /** How bad a finding is. */
  public enum Severity {
    /** The command fails. */
    ERROR,
    /** Worth a look; the command goes on. */
    WARNING,
    /** For information. */
    INFO;

    /** The name as written in output. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A further fact.
   *
   * @param message the fact
   * @param span its place, or null
   * @param excerpt the source line with a mark; null if there is none
   * @param inExcerpt whether the finding's own excerpt shows the place and says the message there
   */
  public record Note(
      String message, @Nullable Span span, @Nullable String excerpt, boolean inExcerpt) {
    /** A fact without a quotation. */
    public Note(String message, @Nullable Span span) {
      this(message, span, null, false);
    }

    Json json() {
      return Json.object()
          .put("message", message)
          .putIfPresent("span", span == null ? null : span.json())
          .putIfPresent("excerpt", excerpt == null ? null : new Json.Str(excerpt))
          .putIfPresent("inExcerpt", inExcerpt ? new Json.Bool(true) : null)
          .build();
    }
  }

  /**
   * A change that would mend the finding.
   *
   * @param title what it does
   * @param edits the replacements it consists of
   */
  public record Fix(String title, List<Edit> edits) {
    /** Copies the edits. */
    public Fix {
      edits = List.copyOf(edits);
    }

    Json json() {
      List<Json> written = new ArrayList<>();
      for (Edit edit : edits) {
        written.add(
            Json.object()
                .put("span", edit.span().json())
                .put("text", edit.text())
                .putIfPresent("digest", edit.digest() == null ? null : new Json.Str(edit.digest()))
                .build());
      }
      return Json.object().put("title", title).put("edits", new Json.Array(written)).build();
    }
  }

  /**
   * A replacement of a span's text.
   *
   * @param span what is replaced
   * @param text by what
   * @param digest of the whole file that the span is in, {@code sha256:…}; the edit is for no other
   *     contents of it. Null if nothing is known of the file
   */
  public record Edit(Span span, String text, @Nullable String digest) {}

  /** Copies the lists. */
  public Finding {
    notes = List.copyOf(notes);
    fixes = List.copyOf(fixes);
  }

  /** An error without a place; each note is a line of its own below the message. */
  public static Finding error(String code, String message, String... notes) {
    return of(code, Severity.ERROR, message, notes);
  }

  /** A warning without a place. */
  public static Finding warning(String code, String message, String... notes) {
    return of(code, Severity.WARNING, message, notes);
  }

  private static Finding of(String code, Severity severity, String message, String... notes) {
    List<Note> list = new ArrayList<>();
    for (String note : notes) {
      list.add(new Note(note, null));
    }
    return new Finding(code, severity, message, null, null, list, List.of(), null);
  }

  /** The same finding at a place. */
  public Finding at(Span place) {
    return new Finding(code, severity, message, place, excerpt, notes, fixes, explanation);
  }

  /** The same finding, whose message says first what it is about. */
  public Finding about(String what) {
    return new Finding(
        code, severity, what + ": " + message, span, excerpt, notes, fixes, explanation);
  }

  /** The same finding with a further note. */
  public Finding note(String text) {
    List<Note> more = new ArrayList<>(notes);
    more.add(new Note(text, null));
    return new Finding(code, severity, message, span, excerpt, more, fixes, explanation);
  }

  /** The same finding with advice that no edit of the source can express. */
  public Finding withAdvice(String title) {
    List<Fix> more = new ArrayList<>(fixes);
    more.add(new Fix(title, List.of()));
    return new Finding(code, severity, message, span, excerpt, notes, more, explanation);
  }

  /** The same finding with a quotation of the source. */
  public Finding withExcerpt(String text) {
    return new Finding(code, severity, message, span, text, notes, fixes, explanation);
  }

  /** The same finding with a long account. */
  public Finding explained(Json account) {
    return new Finding(code, severity, message, span, excerpt, notes, fixes, account);
  }

  /** The envelope's form of this finding. */
  Json.Obj json() {
    List<Json> noteList = new ArrayList<>();
    for (Note note : notes) {
      noteList.add(note.json());
    }
    List<Json> fixList = new ArrayList<>();
    for (Fix fix : fixes) {
      fixList.add(fix.json());
    }
    return Json.object()
        .put("code", code)
        .put("severity", severity.word())
        .put("message", message)
        .put("span", span == null ? new Json.Null() : span.json())
        .putIfPresent("excerpt", excerpt == null ? null : new Json.Str(excerpt))
        .put("notes", new Json.Array(noteList))
        .put("fixes", new Json.Array(fixList))
        .putIfPresent("explanation", explanation)
        .build();
  }
}

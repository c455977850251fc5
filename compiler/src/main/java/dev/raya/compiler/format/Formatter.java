package dev.raya.compiler.format;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.syntax.ModuleSyntax;
import java.util.ArrayList;
import java.util.List;

/**
 * Formats source files. The result depends on the tokens and comments alone, not on the white space
 * between tokens; white space around comments says what a comment belongs to and is kept in that
 * (decision 0240). Missing semicolons are inserted, commas after the last element of a broken list
 * too.
 */
public final class Formatter {
  /** Bound of the readings of one file; two are enough for nearly all. */
  private static final int READINGS = 5;

  private Formatter() {}

  /** What came of it. */
  public sealed interface Outcome {
    /** The formatted text. */
    record Formatted(String text) implements Outcome {}

    /** The file has syntax errors, at least one of which is told, and is left alone. */
    record Refused(List<Diagnostic> errors) implements Outcome {
      /** Copies the list; without errors there is no reason to refuse. */
      public Refused {
        errors = List.copyOf(errors);
        if (errors.isEmpty()) {
          throw new IllegalArgumentException("refused without an error");
        }
      }
    }

    /**
     * The layout would have changed the program or its comments, which is a fault of the formatter;
     * the file is left alone.
     */
    record Unkept(String fault) implements Outcome {}
  }

  /** What {@link Outcome.Unkept} says. */
  private static final class UnkeptException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String fault;

    UnkeptException(String fault) {
      super(fault);
      this.fault = fault;
    }
  }

  /** Formats a file. Its deep nesting needs a deep stack; nothing is kept between calls. */
  public static Outcome format(SourceFile file) {
    try {
      return outcome(file);
    } catch (UnkeptException unkept) {
      return new Outcome.Unkept(unkept.fault);
    }
  }

  private static Outcome outcome(SourceFile file) throws UnkeptException {
    // All of them: a file written without semicolons lacks more than are told of a file.
    Diagnostics diagnostics = Diagnostics.all();
    ModuleSyntax module = Parser.parse(file, diagnostics);
    List<Diagnostic> errors = diagnostics.sorted().stream().filter(Diagnostic::isError).toList();
    if (errors.isEmpty()) {
      return new Outcome.Formatted(format(file, module));
    }
    List<Diagnostic> others =
        errors.stream().filter(d -> d.code() != DiagnosticCode.E0102).toList();
    if (!others.isEmpty()) {
      return refused(others);
    }
    SourceFile complete = withSemicolons(file, errors);
    Diagnostics remaining = new Diagnostics();
    ModuleSyntax mended = Parser.parse(complete, remaining);
    return remaining.hasErrors()
        ? refused(errors)
        : new Outcome.Formatted(format(complete, mended));
  }

  private static Outcome refused(List<Diagnostic> errors) {
    return new Outcome.Refused(errors.stream().limit(Diagnostics.MAX_PER_FILE).toList());
  }

  /** The file with a semicolon wherever one is missing. */
  private static SourceFile withSemicolons(SourceFile file, List<Diagnostic> missing) {
    StringBuilder text = new StringBuilder(file.text().length() + missing.size());
    int copied = 0;
    for (Diagnostic each : missing) {
      int at = each.span().start();
      text.append(file.text(), copied, at).append(';');
      copied = at;
    }
    text.append(file.text(), copied, file.text().length());
    return SourceFile.of(file.name(), text.toString());
  }

  /**
   * A comment from within a line that the layout put at its end is read as belonging to what ends
   * there. Then that reading is laid out too, so that formatting again changes nothing.
   */
  private static String format(SourceFile file, ModuleSyntax module) throws UnkeptException {
    SourceFile read = file;
    String text = layout(file, module);
    for (int i = 1; i < READINGS && !text.equals(read.text()) && hasComments(read); i++) {
      read = SourceFile.of(file.name(), text);
      text = layout(read, Parser.parse(read, new Diagnostics()));
    }
    return text;
  }

  private static String layout(SourceFile file, ModuleSyntax module) throws UnkeptException {
    List<Lexeme> lexemes = Lexeme.of(file, new Diagnostics());
    int start = prologueEnd(file.text());
    TokenFeed feed = new TokenFeed(file, lexemes, start);
    String body = Layout.of(new StatementFormat(feed).module(module.items())).strip();
    String text = file.text().substring(file.text().startsWith("\uFEFF") ? 1 : 0, start).strip();
    String formatted = (text.isEmpty() ? "" : text + "\n") + (body.isEmpty() ? "" : body + "\n");
    check(file, lexemes, formatted);
    return formatted;
  }

  private static boolean hasComments(SourceFile file) {
    return !comments(file.text(), Lexeme.of(file, new Diagnostics())).isEmpty();
  }

  /** Where a byte order mark and a line for the shell end. */
  private static int prologueEnd(String text) {
    int at = text.startsWith("\uFEFF") ? 1 : 0;
    if (text.startsWith("#!", at)) {
      while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
        at++;
      }
    }
    return at;
  }

  /**
   * A formatter that changed a program or lost or doubled a comment would be worse than none:
   * tokens and comments are compared. A comment may come after a token that was before it.
   */
  private static void check(SourceFile file, List<Lexeme> before, String formatted)
      throws UnkeptException {
    SourceFile after = SourceFile.of(file.name(), formatted);
    List<Lexeme> lexemes = Lexeme.of(after, new Diagnostics());
    same("tokens", file, essence(before), essence(lexemes));
    same("comments", file, comments(file.text(), before), comments(formatted, lexemes));
  }

  private static void same(String what, SourceFile file, List<String> wanted, List<String> got)
      throws UnkeptException {
    if (!wanted.equals(got)) {
      int i = 0;
      while (i < wanted.size() && i < got.size() && wanted.get(i).equals(got.get(i))) {
        i++;
      }
      throw new UnkeptException(
          "formatting "
              + file.name()
              + " changed its "
              + what
              + " at "
              + wanted.subList(Math.max(0, i - 3), Math.min(wanted.size(), i + 3))
              + " to "
              + got.subList(Math.max(0, i - 3), Math.min(got.size(), i + 3)));
    }
  }

  /** All comments in order of their text, of which white space does not count. */
  private static List<String> comments(String text, List<Lexeme> lexemes) {
    List<String> comments = new ArrayList<>();
    int from = prologueEnd(text);
    for (Lexeme lexeme : lexemes) {
      for (String comment : TokenFeed.comments(text, from, lexeme.start())) {
        comments.add(comment.replaceAll("\\s+", ""));
      }
      from = lexeme.end();
    }
    comments.sort(null);
    return comments;
  }

  /** The tokens without those that the formatter may add, drop or exchange. */
  private static List<String> essence(List<Lexeme> lexemes) {
    List<String> kept = new ArrayList<>();
    Lexeme before = null;
    for (Lexeme lexeme : lexemes) {
      boolean separator = lexeme.is(";") || lexeme.is(",");
      boolean leadingSign =
          (lexeme.is("|") || lexeme.is("&")) && (before == null || leavesTypeOpen(before));
      if (!separator && !leadingSign) {
        String text = lexeme.text().replace("\r\n", "\n").replace('\r', '\n');
        boolean quoted = lexeme.kind() == Lexeme.Kind.STRING;
        kept.add(quoted ? "\"" + text.substring(1, text.length() - 1) + "\"" : text);
      }
      before = lexeme;
    }
    return kept;
  }

  private static boolean leavesTypeOpen(Lexeme before) {
    return before.kind() == Lexeme.Kind.PUNCTUATOR && "= ( : < , => | & [ ;".contains(before.text())
        || before.isName("as")
        || before.isName("is")
        || before.is("extends");
  }
}

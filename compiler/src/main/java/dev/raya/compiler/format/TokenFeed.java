package dev.raya.compiler.format;

import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands out a file's tokens in order as documents, each with the comments around it, so that no
 * comment can get lost. A comment that ends its line belongs to the token before it, one on a line
 * of its own to the token after it. One between two tokens of a line belongs to the first if the
 * second closes or goes on with something, else to the second.
 */
final class TokenFeed {
  private static final char QUOTE = '"';

  /**
   * A comment.
   *
   * @param joined whether it is on the line of the comment before it
   * @param emptyBefore whether an empty line stands before it
   * @param emptyAfter whether one stands after it
   */
  record Comment(String text, boolean joined, boolean emptyBefore, boolean emptyAfter) {
    boolean endsLine() {
      return text.startsWith("//");
    }
  }

  /** The comments between two tokens. */
  private record Gap(
      List<Comment> trailing, List<Comment> after, List<Comment> own, List<Comment> inline) {}

  private final List<Lexeme> lexemes;
  private final List<Gap> gaps = new ArrayList<>();
  private int index;

  /** Whether the own-line comments before the next token were handed out already. */
  private boolean taken;

  TokenFeed(SourceFile file, List<Lexeme> lexemes, int start) {
    @Nullable Lexeme before = null;
    this.lexemes = lexemes;
    int from = start;
    for (Lexeme lexeme : lexemes) {
      gaps.add(gap(file.text(), from, before, lexeme));
      before = lexeme;
      from = lexeme.end();
    }
  }

  private static Gap gap(String text, int from, @Nullable Lexeme before, Lexeme after) {
    int to = after.start();
    List<Comment> comments = new ArrayList<>();
    List<Integer> breaksBefore = new ArrayList<>();
    int breaks = 0;
    int at = from;
    while (at < to) {
      char c = text.charAt(at);
      if (c == '/') {
        int end = commentEnd(text, at, to);
        comments.add(
            new Comment(text.substring(at, end).stripTrailing(), false, breaks > 1, false));
        breaksBefore.add(breaks);
        breaks = 0;
        at = end;
      } else {
        if (c == '\n' || c == '\r' && !(at + 1 < to && text.charAt(at + 1) == '\n')) {
          breaks++;
        }
        at++;
      }
    }
    // The end of the file ends its last line.
    breaksBefore.add(after.kind() == Lexeme.Kind.END ? Math.max(breaks, 1) : breaks);
    return sorted(comments, breaksBefore, before, after);
  }

  private static Gap sorted(
      List<Comment> comments, List<Integer> breaks, @Nullable Lexeme before, Lexeme after) {
    List<Comment> trailing = new ArrayList<>();
    List<Comment> own = new ArrayList<>();
    List<Comment> inline = new ArrayList<>();
    int count = comments.size();
    int i = 0;
    int firstBreak = 0;
    while (firstBreak <= count && breaks.get(firstBreak) == 0) {
      firstBreak++;
    }
    if (before != null && firstBreak <= count) {
      while (i < firstBreak) {
        trailing.add(comments.get(i++));
      }
    }
    int lastBreak = count;
    while (lastBreak >= 0 && breaks.get(lastBreak) == 0) {
      lastBreak--;
    }
    while (i < count) {
      Comment c = comments.get(i);
      if (i < lastBreak) {
        boolean joined = breaks.get(i) == 0;
        own.add(new Comment(c.text(), joined, c.emptyBefore(), breaks.get(i + 1) > 1));
      } else {
        inline.add(c);
      }
      i++;
    }
    boolean back = firstBreak > count && before != null && belongsBefore(before, after);
    return new Gap(
        List.copyOf(trailing),
        back ? List.copyOf(inline) : List.of(),
        List.copyOf(own),
        back ? List.of() : List.copyOf(inline));
  }

  /** Whether comments between two tokens of a line go with the first. */
  private static boolean belongsBefore(Lexeme before, Lexeme after) {
    boolean opened = before.kind() == Lexeme.Kind.PUNCTUATOR && "([{".contains(before.text());
    if (opened || after.kind() != Lexeme.Kind.PUNCTUATOR) {
      return false;
    }
    return switch (after.text()) {
      case ",", ";", ")", "]", "}", ":", ".", "?", "?." -> true;
      case "(", "[" -> before.kind() == Lexeme.Kind.NAME || before.is(")") || before.is("]");
      default -> false;
    };
  }

  /** The comments of what stands between two tokens, as they are written. */
  static List<String> comments(String text, int from, int to) {
    List<String> comments = new ArrayList<>();
    int at = from;
    while (at < to) {
      int end = text.charAt(at) == '/' ? commentEnd(text, at, to) : at + 1;
      if (end > at + 1) {
        comments.add(text.substring(at, end));
      }
      at = end;
    }
    return comments;
  }

  private static int commentEnd(String text, int at, int to) {
    boolean line = text.charAt(at + 1) == '/';
    return line ? lineEnd(text, at, to) : text.indexOf("*/", at + 2) + 2;
  }

  private static int lineEnd(String text, int at, int to) {
    int end = at;
    while (end < to && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  Lexeme peek() {
    return lexemes.get(index);
  }

  Lexeme peek(int ahead) {
    return lexemes.get(Math.min(index + ahead, lexemes.size() - 1));
  }

  boolean at(String spelling) {
    return peek().is(spelling);
  }

  boolean atEnd() {
    return peek().kind() == Lexeme.Kind.END;
  }

  /** Whether an own-line comment stands before the next token. */
  boolean commentAhead() {
    return !taken && !gaps.get(index).own().isEmpty();
  }

  /** Whether the first own-line comment before the next token has an empty line before it. */
  boolean emptyLineAhead() {
    return commentAhead() && gaps.get(index).own().getFirst().emptyBefore();
  }

  /** The own-line comments before the next token, each on its line; they are not given again. */
  Doc ownComments() {
    if (!commentAhead()) {
      return Doc.NOTHING;
    }
    taken = true;
    List<Doc> parts = new ArrayList<>();
    List<Comment> own = gaps.get(index).own();
    for (int i = 0; i < own.size(); i++) {
      Comment comment = own.get(i);
      if (i > 0 && comment.joined()) {
        parts.add(Doc.text(" "));
      } else if (i > 0 && comment.emptyBefore()) {
        parts.add(Doc.Line.EMPTY);
      } else if (i > 0) {
        parts.add(Doc.Line.HARD);
      }
      parts.add(block(comment.text()));
    }
    return Doc.all(parts);
  }

  /** Whether an empty line separates the last own-line comment from the next token. */
  boolean emptyLineAfterComments() {
    List<Comment> own = gaps.get(index).own();
    return !own.isEmpty() && own.getLast().emptyAfter();
  }

  /** A block comment whose lines all begin with a star is aligned; others stay as they are. */
  private static Doc block(String text) {
    String[] lines = text.split("\r\n|\r|\n", -1);
    boolean starred = lines.length > 1;
    for (int i = 1; i < lines.length; i++) {
      starred &= lines[i].strip().startsWith("*");
    }
    if (!starred) {
      return Doc.text(String.join("\n", lines));
    }
    List<Doc> parts = new ArrayList<>();
    parts.add(Doc.text(lines[0].stripTrailing()));
    for (int i = 1; i < lines.length; i++) {
      parts.add(Doc.Line.HARD);
      parts.add(Doc.text(" " + lines[i].strip()));
    }
    return Doc.all(parts);
  }

  /** The next token. */
  Doc take() {
    Lexeme lexeme = peek();
    List<Doc> parts = new ArrayList<>();
    leading(parts, lexeme);
    parts.add(Doc.text(spelling(lexeme)));
    advance(parts);
    return Doc.all(parts);
  }

  /** The next token, which must be this one. */
  Doc take(String expected) {
    Lexeme lexeme = peek();
    if (!lexeme.text().equals(expected)) {
      throw new IllegalStateException(
          "expected " + expected + " at " + lexeme.start() + ", found " + lexeme.text());
    }
    return take();
  }

  /**
   * Leaves the next token out if it is this one, and gives the comments that end its line. Those on
   * lines before it are then before the token after it.
   */
  Doc skip(String spelling) {
    if (!at(spelling)) {
      return Doc.NOTHING;
    }
    List<Comment> before = pending();
    if (!before.isEmpty()) {
      lay(before);
    }
    List<Doc> parts = new ArrayList<>();
    advance(parts);
    return Doc.all(parts);
  }

  /** Leaves out a sign that may begin a type; all comments around it are before the token after. */
  void skipSign() {
    lay(pending());
    advance(new ArrayList<>());
  }

  /** The comments before the next token that were not handed out. */
  private List<Comment> pending() {
    List<Comment> pending = new ArrayList<>(taken ? List.of() : gaps.get(index).own());
    pending.addAll(gaps.get(index).inline());
    return pending;
  }

  /** Puts comments on lines of their own before the token after the next, in front of its own. */
  private void lay(List<Comment> before) {
    Gap next = gaps.get(index + 1);
    List<Comment> own = new ArrayList<>(before);
    own.addAll(next.trailing());
    own.addAll(next.after());
    own.addAll(next.own());
    gaps.set(index + 1, new Gap(List.of(), List.of(), List.copyOf(own), next.inline()));
  }

  private void leading(List<Doc> parts, Lexeme lexeme) {
    if (commentAhead()) {
      boolean empty = emptyLineAfterComments();
      parts.add(Doc.Line.FRESH);
      parts.add(ownComments());
      parts.add(empty ? Doc.Line.EMPTY : Doc.Line.HARD);
    }
    List<Comment> inline = gaps.get(index).inline();
    boolean bare = lexeme.is(")") || lexeme.is("]");
    for (int i = 0; i < inline.size(); i++) {
      // In brackets that hold nothing else: as what they hold would stand.
      String before = i == 0 && lexeme.is("}") ? " " : "";
      String after = bare && i == inline.size() - 1 ? "" : " ";
      inline(parts, before, inline.get(i).text(), after);
    }
  }

  private static void inline(List<Doc> parts, String before, String text, String after) {
    if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
      parts.add(new Doc.Comment(before, text, after));
    } else {
      parts.add(Doc.text(before));
      parts.add(block(text));
      parts.add(Doc.text(after));
    }
  }

  /** Whether a comment that ends its line came after the last token. */
  boolean lineEnded() {
    return gaps.get(index).trailing().stream().anyMatch(Comment::endsLine);
  }

  private void advance(List<Doc> parts) {
    if (index == lexemes.size() - 1) {
      return; // what surrounds the end was given with the last token
    }
    index++;
    taken = false;
    for (Comment comment : gaps.get(index).after()) {
      if (comment.endsLine()) {
        parts.add(new Doc.Suffix(comment.text(), true));
      } else {
        inline(parts, " ", comment.text(), "");
      }
    }
    for (Comment comment : gaps.get(index).trailing()) {
      String text = comment.text().replace("\r\n", "\n").replace('\r', '\n');
      parts.add(new Doc.Suffix(text, comment.endsLine()));
    }
  }

  /** Double quotes where that needs no escape; line ends of templates as LF. */
  private static String spelling(Lexeme lexeme) {
    String text = lexeme.text();
    return switch (lexeme.kind()) {
      case STRING -> {
        boolean plain = text.charAt(0) == '\'' && text.indexOf(QUOTE) < 0 && text.indexOf('\\') < 0;
        yield plain
            ? QUOTE + text.substring(1, text.length() - 1) + QUOTE
            : text.replace("\r\n", "\n").replace('\r', '\n');
      }
      case TEMPLATE, TEMPLATE_HEAD, TEMPLATE_MIDDLE, TEMPLATE_TAIL ->
          text.replace("\r\n", "\n").replace('\r', '\n');
      case NAME, WORD, NUMBER, REGEXP, PUNCTUATOR, END -> text;
    };
  }
}

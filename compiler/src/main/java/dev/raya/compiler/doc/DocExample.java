package dev.raya.compiler.doc;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A fenced block of Raya in a doc comment (language.md 17.1): {@code ```ts} or {@code ```raya},
 * with marks after the language: {@code no_run} is compiled only, {@code compile_fail} must not
 * compile. A comment {@code // prints TEXT} says a line of output.
 *
 * @param line the line of the fence, from 1
 * @param marks as written, unknown ones included
 * @param source without the margin of the comment
 */
public record DocExample(int line, Set<String> marks, String source) {
  /** Only compiled. */
  public static final String NO_RUN = "no_run";

  /** Must not compile. */
  public static final String COMPILE_FAIL = "compile_fail";

  /** The marks that mean something. */
  public static final Set<String> MARKS = Set.of(NO_RUN, COMPILE_FAIL);

  private static final String FENCE = "```";
  private static final String PRINTS = "// prints ";
  private static final Set<String> LANGUAGES = Set.of("ts", "raya");

  /** Copies the marks. */
  public DocExample {
    marks = Set.copyOf(marks);
  }

  /** The lines that it says it prints. */
  public List<String> printed() {
    return source
        .lines()
        .filter(line -> line.contains(PRINTS))
        .map(line -> line.substring(line.indexOf(PRINTS) + PRINTS.length()).stripTrailing())
        .toList();
  }

  /** The examples in the doc comments of a file, in order; a file with errors gives what it can. */
  public static List<DocExample> of(SourceFile file) {
    List<DocExample> found = new ArrayList<>();
    int from = 0;
    for (Lexeme lexeme : Lexeme.of(file, new Diagnostics())) {
      comments(file, from, lexeme.start(), found);
      from = lexeme.end();
    }
    return found;
  }

  /** Between two tokens there is nothing but white space and comments. */
  private static void comments(SourceFile file, int from, int end, List<DocExample> found) {
    String gap = file.text().substring(from, Math.max(from, end));
    for (int at = gap.indexOf('/'); at >= 0; ) {
      boolean block = gap.startsWith("/*", at);
      int close = gap.indexOf(block ? "*/" : "\n", at + 2);
      if (close < 0) {
        return;
      }
      if (gap.startsWith("/**", at)) {
        blocks(gap.substring(at + 3, close), file.position(from + at).line(), found);
      }
      at = gap.indexOf('/', close + (block ? 2 : 1));
    }
  }

  private static void blocks(String comment, int firstLine, List<DocExample> found) {
    List<String> lines = comment.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = inside(lines.get(i));
      if (!line.startsWith(FENCE)) {
        continue;
      }
      List<String> words = List.of(line.substring(FENCE.length()).strip().split("[ ,]+"));
      int fence = firstLine + i;
      StringBuilder source = new StringBuilder();
      for (i++; i < lines.size() && !inside(lines.get(i)).equals(FENCE); i++) {
        source.append(inside(lines.get(i))).append('\n');
      }
      if (LANGUAGES.contains(words.getFirst())) {
        Set<String> marks = Set.copyOf(words.subList(1, words.size()));
        found.add(new DocExample(fence, marks, source.toString()));
      }
    }
  }

  /** A line of a comment without its margin: white space, an asterisk and a space. */
  private static String inside(String line) {
    String text = line.stripTrailing();
    int at = 0;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (at < text.length() && text.charAt(at) == '*') {
      at++;
      return text.substring(at < text.length() && text.charAt(at) == ' ' ? at + 1 : at);
    }
    return text;
  }
}

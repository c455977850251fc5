package dev.raya.compiler.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines with several marks, as a terminal shows them. */
class SourceExcerptTest {
  /**
   * The excerpt of a text in which {@code «…»} is the place and {@code ‹label:…›} are notes; a
   * label may not have a colon.
   */
  private static String excerpt(String marked) {
    StringBuilder text = new StringBuilder();
    List<int[]> places = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < marked.length(); i++) {
      char c = marked.charAt(i);
      switch (c) {
        case '«', '‹' -> {
          open.add(places.size());
          places.add(new int[] {text.length(), 0});
          labels.add("");
          if (c == '‹') {
            int colon = marked.indexOf(':', i);
            labels.set(labels.size() - 1, marked.substring(i + 1, colon));
            i = colon;
          }
        }
        case '»', '›' -> places.get(open.removeLast())[1] = text.length();
        default -> text.append(c);
      }
    }
    SourceFile file = SourceFile.of("a.raya", text.toString());
    Span primary = new Span(file, 0, 0);
    List<Diagnostic.Note> notes = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      Span span = new Span(file, places.get(i)[0], places.get(i)[1]);
      if (labels.get(i).isEmpty()) {
        primary = span;
      } else {
        notes.add(new Diagnostic.Note(span, labels.get(i)));
      }
    }
    return SourceExcerpt.of(primary, notes);
  }

  @Test
  void neighboursStandTogetherAndGapsAreShown() {
    assertThat(excerpt("let ‹first:a› = 1;\nlet b;\nlet «a» = 2;\n\n\n\nlet ‹last:a› = 3;"))
        .isEqualTo(
            """
              |
            1 | let a = 1;
              |     - first
            2 | let b;
            3 | let a = 2;
              |     ^
            ...
            7 | let a = 3;
              |     - last
            """);
  }

  @Test
  void numbersStandRight() {
    assertThat(excerpt("‹here:x›" + "\n".repeat(9) + "«y»"))
        .isEqualTo(
            """
               |
             1 | x
               | - here
            ...
            10 | y
               | ^
            """);
  }

  @Test
  void severalMarksOfALineSayWhatTheyMeanBelow() {
    assertThat(excerpt("call(‹one:a›, ‹two:bc›, «d»);"))
        .isEqualTo(
            """
              |
            1 | call(a, bc, d);
              |      -  --  ^
              |      |  |
              |      |  two
              |      one
            """);
    assertThat(excerpt("«call»(‹one:a›, ‹two:bc›);"))
        .isEqualTo(
            """
              |
            1 | call(a, bc);
              | ^^^^ -  -- two
              |      |
              |      one
            """);
  }

  @Test
  void aMarkWithinAnotherIsSeen() {
    assertThat(excerpt("‹the call:f(«x»)›;\n"))
        .isEqualTo(
            """
              |
            1 | f(x);
              | --^- the call
            """);
    assertThat(excerpt("«‹the same:x›»"))
        .isEqualTo(
            """
              |
            1 | x
              | ^ the same
            """);
  }

  @Test
  void tabsAndWideCharactersKeepMarksInTheirPlaces() {
    assertThat(excerpt("\tx\ty ‹here:日本› «z»"))
        .isEqualTo(
            "  |\n1 |     x   y 日本 z\n  |           ---- ^\n  |           |\n  |           here\n");
    // An emoji of several code points, and a letter with a combining accent.
    assertThat(excerpt("\"😀\" e\u0301 «z»"))
        .isEqualTo("  |\n1 | \"😀\" e\u0301 z\n  |        ^\n");
    assertThat(excerpt("ｆ「«ｘ»」")).isEqualTo("  |\n1 | ｆ「ｘ」\n  |     ^^\n");
  }

  @Test
  void aPlaceOfSeveralLinesIsMarkedInItsFirst() {
    assertThat(excerpt("if («a\n  && b») {}")).isEqualTo("  |\n1 | if (a\n  |     ^\n");
  }

  @Test
  void endsOfLinesAndFilesCanBeMarked() {
    assertThat(excerpt("let a«»\nb")).isEqualTo("  |\n1 | let a\n  |      ^\n");
    assertThat(excerpt("a\n«»")).isEqualTo("  |\n2 | \n  | ^\n");
  }

  @Test
  void ofALongLineNotesBesideThePartStandAtItsEdge() {
    String text =
        excerpt("‹far left:a›" + "x".repeat(300) + "«here»" + "y".repeat(300) + "‹far right:z›");
    assertThat(text)
        .isEqualTo(
            "  |\n1 | …"
                + "x".repeat(40)
                + "here"
                + "y".repeat(56)
                + "…\n"
                + "  |  -"
                + " ".repeat(39)
                + "^^^^"
                + " ".repeat(56)
                + "- far right\n"
                + "  |  |\n"
                + "  |  far left\n");
  }
}

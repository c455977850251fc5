package dev.raya.compiler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A fenced block of Raya in a text: {@code ```raya}, in doc comments {@code ```ts} too, with marks
 * after the language: {@code no_run} is compiled only, {@code compile_fail} must not compile. A
 * comment {@code // prints TEXT} says a line of output.
 *
 * @param place file and line of the fence
 */
record CodeBlock(String place, Set<String> marks, String source) {
  private static final String PRINTS = "// prints ";
  private static final Set<String> KNOWN = Set.of("no_run", "compile_fail");

  CodeBlock {
    marks = Set.copyOf(marks);
    if (!KNOWN.containsAll(marks)) {
      throw new IllegalArgumentException(place + ": marks are of " + KNOWN + ", not " + marks);
    }
  }

  /** The lines that it says it prints. */
  List<String> printed() {
    return source
        .lines()
        .filter(line -> line.contains(PRINTS))
        .map(line -> line.substring(line.indexOf(PRINTS) + PRINTS.length()))
        .toList();
  }

  /**
   * The blocks of a text.
   *
   * @param margin what each line of the text starts with
   */
  static List<CodeBlock> of(String file, String text, String margin, Set<String> languages) {
    List<CodeBlock> blocks = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = inside(lines.get(i), margin);
      if (line.startsWith("```")) {
        List<String> words = List.of(line.substring(3).strip().split("[ ,]+"));
        int start = i;
        StringBuilder source = new StringBuilder();
        for (i++; i < lines.size() && !inside(lines.get(i), margin).equals("```"); i++) {
          source.append(inside(lines.get(i), margin)).append('\n');
        }
        if (languages.contains(words.getFirst())) {
          Set<String> marks = Set.copyOf(words.subList(1, words.size()));
          blocks.add(new CodeBlock(file + ":" + (start + 1), marks, source.toString()));
        }
      }
    }
    return blocks;
  }

  private static String inside(String line, String margin) {
    String stripped = line.stripTrailing();
    if (stripped.startsWith(margin)) {
      return stripped.substring(margin.length());
    }
    return margin.isBlank() || !stripped.strip().startsWith("* ")
        ? stripped
        : stripped.strip().substring(2); // in a member's comment
  }
}

package dev.raya.compiler.doc;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A doc comment taken apart (language.md 17.1).
 *
 * @param text the body before the first tag, CommonMark
 * @param parameters of {@code @param}
 * @param typeParameters of {@code @typeParam}
 * @param returns of {@code @returns}, or empty
 * @param failures of {@code @throws}: the class and when
 * @param deprecated what {@code @deprecated} says, possibly nothing; null without the tag
 * @param since of {@code @since}, or empty
 * @param see of each {@code @see}
 * @param examples of each {@code @example}, CommonMark
 * @param internal whether the tag {@code @internal} leaves the declaration out
 */
public record DocText(
    String text,
    List<Named> parameters,
    List<Named> typeParameters,
    String returns,
    List<Named> failures,
    @Nullable String deprecated,
    String since,
    List<String> see,
    List<String> examples,
    boolean internal) {
  /** Nothing is said. */
  public static final DocText NONE =
      new DocText("", List.of(), List.of(), "", List.of(), null, "", List.of(), List.of(), false);

  /** A name with what is said of it. */
  public record Named(String name, String text) {}

  /** Copies the lists. */
  public DocText {
    parameters = List.copyOf(parameters);
    typeParameters = List.copyOf(typeParameters);
    failures = List.copyOf(failures);
    see = List.copyOf(see);
    examples = List.copyOf(examples);
  }

  /** Takes a comment apart; null is no comment. A tag inside a fenced block is text. */
  public static DocText parse(@Nullable String comment) {
    if (comment == null || comment.isEmpty()) {
      return NONE;
    }
    Sections sections = new Sections();
    boolean fenced = false;
    for (String line : comment.split("\n", -1)) {
      if (line.stripLeading().startsWith("```")) {
        fenced = !fenced;
      }
      if (!fenced && line.startsWith("@")) {
        int end = wordEnd(line);
        sections.open(line.substring(0, end), line.substring(end).strip());
      } else {
        sections.add(line);
      }
    }
    return sections.done();
  }

  private static int wordEnd(String text) {
    int end = 0;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** The first sentence of the text, for lists. */
  public String summary() {
    int paragraph = text.indexOf("\n\n");
    String first = (paragraph < 0 ? text : text.substring(0, paragraph)).replace('\n', ' ');
    int stop = first.indexOf(". ");
    return stop < 0 ? first : first.substring(0, stop + 1);
  }

  /** The parts of a comment while its lines are read. */
  private static final class Sections {
    private String tag = "";
    private final StringBuilder lines = new StringBuilder();
    private String text = "";
    private final List<Named> parameters = new ArrayList<>();
    private final List<Named> typeParameters = new ArrayList<>();
    private String returns = "";
    private final List<Named> failures = new ArrayList<>();
    private @Nullable String deprecated;
    private String since = "";
    private final List<String> see = new ArrayList<>();
    private final List<String> examples = new ArrayList<>();
    private boolean internal;

    void add(String line) {
      lines.append(line).append('\n');
    }

    void open(String next, String rest) {
      close();
      tag = next;
      add(rest);
    }

    private void close() {
      String said = lines.toString().strip();
      lines.setLength(0);
      switch (tag) {
        case "" -> text = said;
        case "@param" -> parameters.add(named(said));
        case "@typeParam" -> typeParameters.add(named(said));
        case "@returns" -> returns = said;
        case "@throws" -> failures.add(named(said));
        case "@deprecated" -> deprecated = said;
        case "@since" -> since = said;
        case "@see" -> see.add(said);
        case "@example" -> examples.add(said);
        case "@internal" -> internal = true;
        default -> text = text + (text.isEmpty() ? "" : "\n\n") + tag + ' ' + said;
      }
    }

    private static Named named(String said) {
      int end = wordEnd(said);
      return new Named(said.substring(0, end), said.substring(end).strip());
    }

    DocText done() {
      close();
      return new DocText(
          text,
          parameters,
          typeParameters,
          returns,
          failures,
          deprecated,
          since,
          see,
          examples,
          internal);
    }
  }
}

package dev.raya.compiler.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.format.Formatter.Outcome;
import dev.raya.compiler.parse.Lexeme;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The formatter over all golden programs and the library: idempotent, keeps every comment, and
 * gives the same bytes whatever white space stands between the tokens. Its style is shown by {@code
 * golden/format}.
 */
class FormatterTest {
  private static final Path RESOURCES = Path.of("src/test/resources/golden");
  private static final Path LIBRARY = Path.of("src/main/resources/dev/raya/compiler/stdlib");
  private static final Path EXAMPLES = Path.of("../integration/examples");
  private static final int SCRAMBLES = 3;

  private static List<Path> sources() throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path root : List.of(RESOURCES, LIBRARY, EXAMPLES)) {
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(f -> f.toString().endsWith(".raya")).sorted().forEach(all::add);
      }
    }
    return all;
  }

  private static boolean parses(String text) {
    Diagnostics diagnostics = new Diagnostics();
    Parser.parse(SourceFile.of("a.raya", text), diagnostics);
    return !diagnostics.hasErrors();
  }

  private static String format(String text) {
    return switch (Formatter.format(SourceFile.of("a.raya", text))) {
      case Outcome.Formatted f -> f.text();
      case Outcome.Refused r -> throw new AssertionError(r.errors().toString());
    };
  }

  @TestFactory
  List<DynamicTest> everyProgramFormatsToOneLayout() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path path : sources()) {
      String text = Files.readString(path, StandardCharsets.UTF_8);
      if (parses(text)) {
        tests.add(DynamicTest.dynamicTest(path.toString(), () -> holds(path.toString(), text)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests;
  }

  private static void holds(String name, String text) {
    String once = format(text);
    assertThat(format(once)).as("idempotent").isEqualTo(once);
    assertThat(comments(once)).as("comments").isEqualTo(comments(text));
    Random random = new Random(name.hashCode());
    for (int i = 0; i < SCRAMBLES; i++) {
      String scrambled = scramble(text, random);
      assertThat(format(scrambled)).as("from\n" + scrambled).isEqualTo(once);
    }
  }

  /** The comments without the white space in and around them. */
  private static List<String> comments(String text) {
    List<String> comments = new ArrayList<>();
    int from = 0;
    for (Lexeme lexeme : Lexeme.of(SourceFile.of("a.raya", text), new Diagnostics())) {
      String gap = text.substring(from, lexeme.start()).replaceAll("\\s+", "");
      if (!gap.isEmpty()) {
        comments.add(gap);
      }
      from = lexeme.end();
    }
    return comments;
  }

  /**
   * Other white space between all tokens that have nothing but white space between them and may
   * have any: no line may end after return, throw, break, continue and async or before a postfix
   * operator, and signs that are read as one stay together.
   */
  private static String scramble(String text, Random random) {
    List<Lexeme> lexemes = Lexeme.of(SourceFile.of("a.raya", text), new Diagnostics());
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int i = 0; i < lexemes.size(); i++) {
      Lexeme lexeme = lexemes.get(i);
      String gap = text.substring(from, lexeme.start());
      out.append(i > 0 && gap.isBlank() ? blank(lexemes.get(i - 1), lexeme, random) : gap);
      out.append(lexeme.text());
      from = lexeme.end();
    }
    return out.toString();
  }

  private static String blank(Lexeme before, Lexeme after, Random random) {
    boolean together =
        before.is(">")
            && before.end() == after.start()
            && (after.is(">") || after.text().startsWith("="));
    if (together) {
      return "";
    }
    boolean sameLine =
        List.of(
                    "return",
                    "throw",
                    "break",
                    "continue",
                    "async",
                    "readonly",
                    "type",
                    "declare",
                    "abstract",
                    "is",
                    "get",
                    "set",
                    "static",
                    "module",
                    "from",
                    "as",
                    "of")
                .contains(before.text())
            || after.is("++")
            || after.is("--")
            || after.is("[")
            || after.isName("is");
    boolean apart =
        !before.text().isEmpty()
            && !after.text().isEmpty()
            && (sticky(before) && sticky(after)
                || before.kind() == Lexeme.Kind.PUNCTUATOR && after.kind() == Lexeme.Kind.PUNCTUATOR
                || before.is("/")
                || after.text().startsWith("/")
                || after.text().startsWith(".")
                || before.is(".") && after.kind() == Lexeme.Kind.NUMBER
                || before.is("?")
                || before.is("=") && after.is(">"));
    String[] choices =
        sameLine
            ? new String[] {" ", "  ", "\t"}
            : new String[] {" ", "\n", "\n\n\n", "\r\n  ", "\t"};
    return apart || sameLine || random.nextInt(3) > 0
        ? choices[random.nextInt(choices.length)]
        : before.kind() == Lexeme.Kind.PUNCTUATOR || after.kind() == Lexeme.Kind.PUNCTUATOR
            ? ""
            : " ";
  }

  private static boolean sticky(Lexeme lexeme) {
    return switch (lexeme.kind()) {
      case NAME, WORD, NUMBER, STRING, REGEXP -> true;
      case TEMPLATE, TEMPLATE_HEAD, TEMPLATE_MIDDLE, TEMPLATE_TAIL, PUNCTUATOR, END -> false;
    };
  }

  @TestFactory
  List<DynamicTest> styleIsAsShown() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(RESOURCES.resolve("format"))) {
      for (Path in : files.filter(f -> f.toString().endsWith(".raya")).sorted().toList()) {
        Path out = in.resolveSibling(in.getFileName().toString().replace(".raya", ".formatted"));
        tests.add(
            DynamicTest.dynamicTest(
                in.getFileName().toString(),
                () -> {
                  String actual = format(Files.readString(in, StandardCharsets.UTF_8));
                  if (Boolean.getBoolean("raya.golden.write")) {
                    Files.writeString(out, actual, StandardCharsets.UTF_8);
                  }
                  assertThat(actual).isEqualTo(Files.readString(out, StandardCharsets.UTF_8));
                }));
      }
    }
    return tests;
  }

  @Test
  void missingSemicolonsAreInserted() {
    assertThat(format("const a = 1\nlet b = a")).isEqualTo("const a = 1;\nlet b = a;\n");
  }

  @Test
  void filesWithSyntaxErrorsAreLeftAlone() {
    assertThat(Formatter.format(SourceFile.of("a.raya", "let x = ;")))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void lineForTheShellAndEmptyFilesStay() {
    assertThat(format("#!/usr/bin/env raya\n\n\nlet x = 1;"))
        .isEqualTo("#!/usr/bin/env raya\nlet x = 1;\n");
    assertThat(format(" \n ")).isEmpty();
    assertThat(format("\n// only this\n")).isEqualTo("// only this\n");
  }

  @Test
  void anyNumberOfMissingSemicolonsIsInserted() {
    int many = 3 * Diagnostics.MAX_PER_FILE;
    assertThat(format("f(1)\n".repeat(many))).isEqualTo("f(1);\n".repeat(many));
  }

  @Test
  void errorsBehindManyMissingSemicolonsAreTold() {
    String text = "f(1)\n".repeat(3 * Diagnostics.MAX_PER_FILE) + "let x = ;\n";
    assertThat(Formatter.format(SourceFile.of("a.raya", text)))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused ->
                assertThat(refused.errors())
                    .isNotEmpty()
                    .allMatch(e -> e.code() != DiagnosticCode.E0102)
                    .allMatch(e -> e.span().start() >= text.indexOf("let")));
  }
}

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
  private static final int SPRINKLES = 30;

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
      case Outcome.Unkept unkept -> throw new AssertionError(unkept.fault());
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
    String ended = text.stripTrailing() + " /* the */ // end";
    String onceEnded = format(ended);
    assertThat(format(onceEnded)).as("idempotent").isEqualTo(onceEnded);
    assertThat(comments(onceEnded)).as("comments").isEqualTo(comments(ended));
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

  /** Programs that together hold every kind of statement, declaration, type and expression. */
  private static final List<String> PROGRAMS =
      List.of(
          "f(); g(1, 2, [3, ...a], { b: 1, c, ...d, e() {} });",
          "function f<T extends A = B>(a: T, b?: number, ...c: T[]): T { return a; }",
          "async function g({ a, b: [c, , d = 1, ...e], ...r }: R = x): void { await f; throw a; }",
          "type U = | \"a\" | \"b\"; type V = A & B | C[]; type W<T> = Map<T, (x?: T) => void>;",
          "type O = { a: 1; readonly b?: N.M, c(x: T): void }; type P = readonly [x: A, B];",
          "type Q = -1 | null | (A | B)[] | void; type G = (x: A) => x is B;",
          "interface I<T> extends A, B<T> { a: T; b?(): void; }",
          "abstract class C<T> extends B<T> implements I, J { private static x: number = 1; y?: T;"
              + " constructor(private a: A, b: B) { super(a); } get z(): T { return this.y; }"
              + " async m<U>(): U {} abstract n(): void; }",
          "if (a) { f(); } else if (b) g(); else { h(); } while (a) f(); do { g(); } while (b);",
          "for (let i = 0, j = 1; i < 2; i++) { continue; } for (const x of xs) f(x); for (;;) {}",
          "l: for (;;) { break l; } debugger; ; { } if (a) ; do f(); while (a);",
          "switch (a) { case 1: case 2: f(); break; case 3: { g(); } default: h(); }",
          "try { f(); } catch (e: E) { g(); } finally { h(); } try { } catch { }",
          "import { a, type b as c } from \"a\"; import * as n from \"b\"; import \"c\";"
              + " import type { T } from \"d\"; export { a, b as d }; export { e } from \"e\";"
              + " export * from \"f\"; export * as h from \"g\"; export const k = 1;",
          "declare module \"m\" { function f(): void; const x: number; }",
          "const x = a + b * -c - !d; y ??= a ?? b; z >>= 1 << 2; w = (a); v = a as T;",
          "const h = (x) => x + 1; const k = async (x: A): B => { f(); }; const m = x => y;",
          "a.b?.c[0]?.[1]?.(2)(3); a.f().g().h(x => { y; }); new N.M<T>(a, b).c; f<T>(a);",
          "const t = `a ${b + c} d ${e} f`; const r = /x/g; const q = a ? b : c ? d : e;",
          "f(() => { g(); }, 10); it(\"a\", () => { f(); }); f({ a: 1 }); f(a, [1, 2]);",
          "let a = function n() {}, b = class { x = 1; }, c = typeof d === \"e\" && !f || g;",
          "const o = { a: { b: 1, c: 2 }, \"d\": () => { e; }, async f() {} }; a++; --b; [a, b] = [b, a];");

  /** What is put between two tokens; the name of the comment is replaced. */
  private static final List<String> INSERTIONS = List.of(" /* c */ ", " // c\n", "\n// c\n");

  @TestFactory
  List<DynamicTest> aCommentAnywhereIsKeptOnce() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String program : PROGRAMS) {
      tests.add(DynamicTest.dynamicTest(program, () -> keepsAComment(program)));
    }
    return tests;
  }

  private static void keepsAComment(String program) {
    List<String> tokens = tokens(format(program));
    List<String> faults = new ArrayList<>();
    for (Lexeme lexeme : Lexeme.of(SourceFile.of("a.raya", program), new Diagnostics())) {
      for (String insertion : INSERTIONS) {
        String text =
            program.substring(0, lexeme.start()) + insertion + program.substring(lexeme.start());
        if (parses(text)) { // where a line may end
          judge(text, tokens, List.of(insertion.strip()), faults);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @TestFactory
  List<DynamicTest> commentsAnywhereAreKeptOnce() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String program : PROGRAMS) {
      tests.add(DynamicTest.dynamicTest(program, () -> keepsComments(program)));
    }
    return tests;
  }

  private static void keepsComments(String program) {
    List<String> tokens = tokens(format(program));
    List<String> faults = new ArrayList<>();
    Random random = new Random(program.hashCode());
    List<Lexeme> lexemes = Lexeme.of(SourceFile.of("a.raya", program), new Diagnostics());
    for (int round = 0; round < SPRINKLES; round++) {
      StringBuilder text = new StringBuilder();
      List<String> comments = new ArrayList<>();
      int from = 0;
      for (Lexeme lexeme : lexemes) {
        text.append(program, from, lexeme.start());
        from = lexeme.start();
        while (random.nextInt(10) == 0) {
          String form = INSERTIONS.get(random.nextInt(INSERTIONS.size()));
          String insertion = form.replace("c", "c" + comments.size() + ".");
          comments.add(insertion.strip());
          text.append(insertion);
        }
      }
      if (parses(text.toString())) {
        judge(text.toString(), tokens, comments, faults);
      }
    }
    assertThat(faults).isEmpty();
  }

  private static void judge(
      String text, List<String> tokens, List<String> comments, List<String> faults) {
    try {
      String once = format(text);
      if (!tokens(once).equals(tokens)) {
        faults.add("tokens of " + text + "\n" + once);
      }
      int last = -1;
      for (String comment : comments) {
        int at = once.indexOf(comment);
        if (at >= 0 && at < last) {
          faults.add("order of " + comment + " of " + text + "\nin\n" + once);
        }
        last = at;
        if (at < 0 || once.indexOf(comment, at + 1) >= 0) {
          faults.add("comment " + comment + " of " + text + "\nin\n" + once);
        }
      }
      String twice = format(once);
      if (!twice.equals(once)) {
        faults.add("of " + text + "\nonce\n" + once + "twice\n" + twice);
      }
    } catch (AssertionError e) {
      faults.add(e.getMessage() + " of " + text);
    }
  }

  /** The tokens without the separators, which the layout adds and drops. */
  private static List<String> tokens(String text) {
    return Lexeme.of(SourceFile.of("a.raya", text), new Diagnostics()).stream()
        .map(Lexeme::text)
        .filter(t -> !t.equals(",") && !t.equals(";") && !t.equals("|"))
        .toList();
  }

  @Test
  void commentsAtTheEndOfAFileAreNotDoubled() {
    assertThat(format("f(); // x")).isEqualTo("f(); // x\n");
    assertThat(format("f(); // x\n")).isEqualTo("f(); // x\n");
    assertThat(format("f(); /* x */ // y")).isEqualTo("f(); /* x */ // y\n");
    assertThat(format("f(); // a\n// b")).isEqualTo("f(); // a\n// b\n");
    assertThat(format("f();\n// c\n/* e */")).isEqualTo("f();\n// c\n/* e */\n");
  }

  @Test
  void commentsAroundSeparatorsThatGoAreKept() {
    assertThat(format("type U = /* u1 */ | \"a\" /* u2 */ | // u3\n /* u4 */ \"b\" // u5\n;"))
        .isEqualTo(
            """
            type U =
              /* u1 */
              | "a"
              /* u2 */ | "b"; // u3
            /* u4 */ // u5
            """);
    assertThat(format("f(a // one\n, b // two\n, // three\n);\ng()\n// own\n;"))
        .isEqualTo(
            """
            f(
              a, // one
              b, // two
              // three
            );
            g();
            // own
            """);
  }

  @Test
  void commentsThatEndALineStayOnIt() {
    assertThat(format("a // one\n.b() // two\nconst h = (x) => // three\nx + 1 // four\n;"))
        .isEqualTo(
            """
            a // one
              .b(); // two
            const h = (x) => // three
              x + 1; // four
            """);
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

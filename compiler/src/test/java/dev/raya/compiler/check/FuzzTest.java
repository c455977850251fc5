package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text, parser and checker answer with diagnostics: never an exception or a hang. */
class FuzzTest {
  private static final int MUTATIONS = 1_500;

  /** What a check may allocate, whatever the program: the library's declarations among it. */
  private static final long BASE_BYTES = 32L << 20;

  private static final long BYTES_PER_CHARACTER = 16L << 10;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String[] PIECES = {
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "`",
    "${",
    "\"",
    "'",
    "/",
    "//",
    "/*",
    ";",
    ",",
    ".",
    "?.",
    "=>",
    "=",
    "==",
    "...",
    ":",
    "?",
    "class ",
    "function ",
    "const ",
    "let ",
    "this",
    "super",
    "new ",
    "return ",
    "async ",
    "await ",
    "import ",
    "export ",
    "from ",
    "type ",
    "interface ",
    "switch (",
    "case ",
    "default",
    "try {",
    "catch",
    "finally",
    "0",
    "1e9",
    "x",
    "\n",
    "\\",
    "#",
    "@",
    "null",
    "typeof ",
    "as ",
    "is ",
    "readonly ",
    "abstract ",
    "static ",
    "\uD800",
    "🙂",
    "\0"
  };

  private static String corpus() throws IOException {
    try (InputStream in = FuzzTest.class.getResourceAsStream("/golden/acceptance/legal.raya")) {
      if (in == null) {
        throw new IllegalStateException("missing corpus");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void mutatedProgramsNeverBreakTheCompiler() throws IOException {
    Random random = new Random(20260101);
    List<String> programs = List.of(corpus().split("(?m)^//# .*\n"));
    for (int i = 0; i < MUTATIONS; i++) {
      StringBuilder text = new StringBuilder(programs.get(random.nextInt(programs.size())));
      int edits = 1 + random.nextInt(4);
      for (int e = 0; e < edits; e++) {
        mutate(text, random);
      }
      String program = text.toString();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        List<Diagnostic> diagnostics = Programs.check(program).diagnostics();
        assertThat(DiagnosticText.render(diagnostics)).isNotNull();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("mutation " + i + ":\n" + program, e);
      }
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated for mutation %d:%n%s", i, program)
          .isLessThan(BASE_BYTES + BYTES_PER_CHARACTER * program.length());
    }
  }

  private static void mutate(StringBuilder text, Random random) {
    if (text.length() == 0) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
      return;
    }
    int at = random.nextInt(text.length());
    switch (random.nextInt(4)) {
      case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
      case 2 -> text.setCharAt(at, (char) random.nextInt(0x250));
      default -> {
        int from = random.nextInt(text.length());
        int length = Math.min(text.length() - from, random.nextInt(40));
        text.insert(at, text.substring(from, from + length));
      }
    }
  }

  @Test
  void nestingOf256LevelsIsAcceptedAndMoreIsRefused() {
    assertThat(codes("const x = " + "(".repeat(256) + "1" + ")".repeat(256) + ";")).isEmpty();
    assertThat(codes("const x: int" + "[]".repeat(256) + " = [];")).isEmpty();
    assertThat(codes("{".repeat(256) + "}".repeat(256))).isEmpty();
    assertThat(codes("if (true) ".repeat(256) + ";")).isEmpty();
    for (String deep :
        List.of(
            "const x = " + "(".repeat(5000) + "1" + ")".repeat(5000) + ";",
            "const x = " + "[".repeat(5000) + "1" + "]".repeat(5000) + ";",
            "const x = " + "-!".repeat(5000) + "1;",
            "const x = " + "a => ".repeat(5000) + "1;",
            "const x: " + "(".repeat(5000) + "int" + ")".repeat(5000) + " = 1;",
            "const x: " + "A<".repeat(5000) + "int" + ">".repeat(5000) + " = 1;",
            "{".repeat(5000) + "}".repeat(5000),
            "if (1) ".repeat(5000) + ";",
            "const x = " + "`${".repeat(5000) + "1" + "}`".repeat(5000) + ";",
            "const x = 1" + " + 1".repeat(5000) + ";",
            "const x = a" + ".b".repeat(5000) + ";",
            "const x = a" + "[0]".repeat(5000) + ";",
            "const x = 1" + " ** 1".repeat(5000) + ";",
            "const x = " + "true ? 1 : ".repeat(5000) + "1;",
            "const " + "[".repeat(5000))) {
      assertThat(codes(deep)).as(deep.substring(0, 30)).contains("RAYA-E0128");
    }
  }

  @Test
  void genericTypesWhoseMembersHoldThemselvesInUnionsAreCompared() {
    assertThat(
            codes(
                """
                interface M<T> { I: M<null> | { I: T } | null; }
                interface N<T> { I: N<T[]> | { I: T } | null; }
                interface O<T extends [number, null]> { I: O<null> | { a: null; I: T }; }
                interface A<T> { I: B<T[]> | { I: T } | null; }
                interface B<T> { I: A<T[]> | C<T> | { I: T } | null; }
                interface C<T> { I: A<T[]> | B<[T]> | { I: T } | null; }
                const m: M<null> | null = null;
                const n: N<int> | null = null;
                console.log(m, n);
                """))
        .isSubsetOf("RAYA-E0328", "RAYA-E0401");
  }

  @Test
  void constantsWhoseTypeDependsOnItselfAreRefused() {
    assertThat(codes("export const a = (((() => a) as string) as string[]);"))
        .contains("RAYA-E0310");
    assertThat(codes("const f = (() => f);")).containsExactly("RAYA-E0310");
    assertThat(codes("const o = { f: () => o };")).containsExactly("RAYA-E0310");
    assertThat(codes("const f = (n: int): int => (n === 0 ? 1 : f(n - 1));\nconsole.log(f(3));"))
        .isEmpty();
  }

  @Test
  void longLinesOfClassesAreChecked() {
    assertThat(codes(line(256))).isEmpty();
    assertThat(codes(line(600))).containsExactly("RAYA-E0128");
  }

  /** A program whose last class has {@code classes} classes in its line, itself included. */
  private static String line(int classes) {
    StringBuilder text = new StringBuilder("class A1 {}\n");
    for (int i = 2; i <= classes; i++) {
      text.append("class A%d extends A%d {}\n".formatted(i, i - 1));
    }
    return text + "console.log(new A%d());".formatted(classes);
  }

  @Test
  void longChainsAreChecked() {
    assertThat(codes("const x = 1" + " + 1".repeat(1000) + ";")).isEmpty();
    assertThat(codes("const x = \"a\"" + " + \"b\"".repeat(1000) + ";")).isEmpty();
  }

  private static List<String> codes(String text) {
    return Programs.check(text).diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(d -> d.code().code())
        .distinct()
        .toList();
  }
}

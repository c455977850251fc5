package dev.raya.compiler.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.error.ErrorCodes;
import dev.raya.compiler.source.SourceFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule finds what it is for, and keeps quiet about the good form beside it. */
class LinterTest {
  /** For each rule a program in which it finds one thing, and one in which it finds nothing. */
  private static final Map<LintRule, List<String>> CASES =
      Map.ofEntries(
          Map.entry(LintRule.PREFER_CONST, List.of("let a = f();", "let a = f(); a = g();")),
          Map.entry(LintRule.TRIPLE_EQUALS, List.of("f(a == b);", "f(a === b);")),
          Map.entry(LintRule.EMPTY_BLOCK, List.of("if (a) {}", "if (a) { /* later */ }")),
          Map.entry(LintRule.NEEDLESS_TEMPLATE, List.of("f(`a`);", "f(`a${b}`);")),
          Map.entry(
              LintRule.CONSTANT_CONDITION, List.of("if (true) { f(); }", "while (true) { f(); }")),
          Map.entry(LintRule.SELF_ASSIGNMENT, List.of("a.b = a.b;", "a.b = a.c;")),
          Map.entry(LintRule.SELF_COMPARISON, List.of("f(a === a);", "f(a === b);")),
          Map.entry(
              LintRule.REPEATED_CONDITION,
              List.of(
                  "if (a) { f(); } else if (a) { g(); }", "if (a) { f(); } else if (b) { g(); }")),
          Map.entry(LintRule.NEGATED_COMPARISON, List.of("f(!(a === b));", "f(!(a && b));")),
          Map.entry(LintRule.NEEDLESS_CHOICE, List.of("f(a ? true : false);", "f(a ? 1 : 2);")),
          Map.entry(LintRule.OBJECT_SHORTHAND, List.of("f({ a: a });", "f({ a: b });")),
          Map.entry(
              LintRule.NEEDLESS_CATCH,
              List.of(
                  "try { f(); } catch (e) { throw e; }",
                  "try { f(); } catch (e) { g(e); throw e; }")),
          Map.entry(
              LintRule.UNUSED_LABEL,
              List.of("a: while (b) { f(); }", "a: while (b) { while (c) { break a; } }")),
          Map.entry(
              LintRule.SHADOWED_NAME,
              List.of(
                  "const a = f(); if (b) { const a = g(); }",
                  "if (b) { const a = g(); } if (c) { const a = g(); }")),
          Map.entry(LintRule.DEBUGGER, List.of("debugger;", "f();")),
          Map.entry(
              LintRule.FOCUSED_TEST,
              List.of("it(a, f, { only: true });", "it(a, f, { skip: true });")),
          Map.entry(
              LintRule.NEEDLESS_SUPPRESSION,
              List.of(
                  "f(); // lint-ignore RAYA-LINT-015 old",
                  "debugger; // lint-ignore RAYA-LINT-015 now")));

  private static List<LintFinding> lint(String text) {
    Linter.Linted linted = Linter.lint(SourceFile.of("a.test.raya", text));
    assertThat(linted.errors()).isEmpty();
    return linted.findings();
  }

  @TestFactory
  List<DynamicTest> everyRuleFindsWhatItIsForAndNothingElse() {
    return java.util.Arrays.stream(LintRule.values())
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.name(),
                    () -> {
                      List<String> programs = java.util.Objects.requireNonNull(CASES.get(rule));
                      assertThat(lint(programs.getFirst()).stream().map(LintFinding::rule))
                          .containsExactly(rule);
                      assertThat(lint(programs.getLast())).isEmpty();
                    }))
        .toList();
  }

  @TestFactory
  List<DynamicTest> fixesMendWhatWasFound() {
    return CASES.values().stream()
        .map(List::getFirst)
        .filter(program -> !lint(program).getFirst().fixes().isEmpty())
        .map(
            program ->
                DynamicTest.dynamicTest(
                    program,
                    () -> {
                      StringBuilder text = new StringBuilder(program);
                      for (var fix : lint(program).getFirst().fixes().reversed()) {
                        text.replace(fix.span().start(), fix.span().end(), fix.replacement());
                      }
                      assertThat(lint(text.toString())).isEmpty();
                    }))
        .toList();
  }

  @Test
  void rulesAreExplainedAndTheirExamplesShowThem() {
    for (LintRule rule : LintRule.values()) {
      var code = ErrorCodes.find(rule.code());
      assertThat(code).as(rule.code()).isPresent();
      assertThat(lint(code.orElseThrow().example()).stream().map(LintFinding::rule))
          .as(code.orElseThrow().example())
          .contains(rule);
    }
  }

  @Test
  void aRemovedDebuggerDoesNotGiveItsPlaceToTheStatementBehindIt() {
    for (String before :
        List.of(
            "if (x) ",
            "if (x) f(); else ",
            "while (x) ",
            "for (;;) ",
            "for (const a of b) ",
            "if (x) l: ")) {
      assertThat(withoutDebugger(before + "debugger;\nsave();")).isEqualTo(before + "{}\nsave();");
    }
    assertThat(withoutDebugger("do debugger; while (x);")).isEqualTo("do {} while (x);");
    assertThat(withoutDebugger("if (x) { debugger; }")).isEqualTo("if (x) {  }");
    assertThat(withoutDebugger("switch (x) { case 1: debugger; }"))
        .isEqualTo("switch (x) { case 1:  }");
  }

  private static String withoutDebugger(String program) {
    LintFinding finding =
        lint(program).stream().filter(f -> f.rule() == LintRule.DEBUGGER).findFirst().orElseThrow();
    var fix = finding.fixes().getFirst();
    String text =
        new StringBuilder(program)
            .replace(fix.span().start(), fix.span().end(), fix.replacement())
            .toString();
    assertThat(lint(text).stream().map(LintFinding::rule)).doesNotContain(LintRule.DEBUGGER);
    return text;
  }

  @Test
  void suppressionsHoldForALineOrTheFile() {
    assertThat(lint("// lint-ignore RAYA-LINT-015 here\ndebugger;\n")).isEmpty();
    assertThat(lint("// lint-ignore-file RAYA-LINT-015 here\ndebugger;\n\ndebugger;\n")).isEmpty();
    assertThat(lint("// lint-ignore RAYA-LINT-015 here\ndebugger;\ndebugger;\n")).hasSize(1);
  }

  @Test
  void assignmentsInClosuresBelowCount() {
    assertThat(lint("function f(): void { n = g(); }\nlet n = g();\n")).isEmpty();
  }
}

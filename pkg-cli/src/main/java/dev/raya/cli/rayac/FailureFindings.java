package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.compiler.diagnostic.SourceExcerpt;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Failed tests as findings, for the formats that programs read; as text they are told beside their
 * file. Their place is the innermost call of the file of tests on the stack of what was thrown, or
 * the beginning of the file.
 */
final class FailureFindings {
  /** A test failed. */
  static final String CODE = "RAYA-CLI-004";

  private FailureFindings() {}

  /**
   * The failures of a file of tests.
   *
   * @param file the file
   * @param name what its compiler called it
   * @throws CommandException if it cannot be read any more
   */
  static List<Finding> of(SuiteResult result, Path file, String name) throws CommandException {
    List<Finding> findings = new ArrayList<>();
    if (result.ok()) {
      return findings;
    }
    SourceFile source = SourceFiles.read(file, result.file());
    for (SuiteResult.Test test : result.tests()) {
      SuiteResult.Failure failure = test.failure();
      if (failure != null) {
        List<String> facts = new ArrayList<>();
        if (failure.compared()) {
          facts.add("expected: " + failure.expected());
          facts.add("actual: " + failure.actual());
        }
        String what = "'" + test.name() + "' failed: " + failure.error() + ": ";
        Span place = place(source, name, failure.stack());
        findings.add(finding(place, what + failure.headline(), facts));
      }
    }
    String trouble = result.trouble();
    if (trouble != null) {
      int stack = trouble.indexOf("\n    at ");
      String what = stack < 0 ? trouble : trouble.substring(0, stack);
      Span place = place(source, name, trouble);
      findings.add(finding(place, "the tests cannot go on: " + what, List.of()));
    }
    return findings;
  }

  private static Finding finding(Span place, String message, List<String> facts) {
    return new Finding(
        CODE,
        Finding.Severity.ERROR,
        message,
        DiagnosticFindings.span(place, UnaryOperator.identity()),
        place.start() == place.end() ? null : SourceExcerpt.of(place, List.of()),
        facts.stream().map(fact -> new Finding.Note(fact, null)).toList(),
        List.of(),
        null);
  }

  /** Frames end with {@code (FILE:LINE:COLUMN)}. */
  private static Span place(SourceFile source, String name, String stack) {
    String before = "(" + name + ":";
    for (String frame : stack.lines().toList()) {
      int start = frame.lastIndexOf(before) + before.length();
      int colon = frame.indexOf(':', start);
      if (start >= before.length() && colon > start && frame.endsWith(")")) {
        int line = number(frame.substring(start, colon));
        int column = number(frame.substring(colon + 1, frame.length() - 1));
        if (line >= 1 && line <= source.lineCount() && column >= 1) {
          int length = source.text().length();
          int at = Math.min(source.lineStart(line) + column - 1, length);
          return new Span(source, at, Math.min(at + 1, length));
        }
      }
    }
    return new Span(source, 0, 0);
  }

  /** A number of the stack, or -1. */
  private static int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return -1; // a name that looks like a place
    }
  }
}

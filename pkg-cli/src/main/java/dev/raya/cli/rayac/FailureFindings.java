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
        findings.add(finding(place(source, name, failure), what + failure.headline(), facts));
      }
    }
    String trouble = result.trouble();
    if (trouble != null) {
      findings.add(
          finding(new Span(source, 0, 0), "the tests cannot go on: " + trouble, List.of()));
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
  private static Span place(SourceFile source, String name, SuiteResult.Failure failure) {
    String before = "(" + name + ":";
    for (String frame : failure.stack().lines().toList()) {
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

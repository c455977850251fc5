package dev.raya.cli.rayac;

import dev.raya.cli.rayac.SuiteResult.Status;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.util.List;
import java.util.Locale;

/** Results in the XML form that JUnit's Ant task writes and that CI services read. */
final class JUnitReport {
  private JUnitReport() {}

  static String of(List<SuiteResult> suites) {
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append("<testsuites>\n");
    for (SuiteResult suite : suites) {
      boolean broken = suite.trouble() != null || !suite.diagnostics().isEmpty();
      long millis = suite.tests().stream().mapToLong(SuiteResult.Test::millis).sum();
      out.append("  <testsuite name=\"").append(text(suite.file()));
      out.append("\" tests=\"").append(suite.tests().size() + (broken ? 1 : 0));
      out.append("\" failures=\"").append(suite.count(Status.FAILED));
      out.append("\" errors=\"").append(broken ? 1 : 0);
      out.append("\" skipped=\"").append(suite.count(Status.SKIPPED));
      out.append("\" time=\"").append(seconds(millis)).append("\">\n");
      for (SuiteResult.Test test : suite.tests()) {
        test(suite, test, out);
      }
      if (broken) {
        String trouble = suite.trouble();
        String why = trouble == null ? DiagnosticText.render(suite.diagnostics()) : trouble;
        out.append("    <testcase classname=\"").append(text(suite.file()));
        out.append("\" name=\"(file)\" time=\"0.000\">\n      <error message=\"");
        out.append(text(why.lines().findFirst().orElse(""))).append("\">");
        out.append(content(why)).append("</error>\n    </testcase>\n");
      }
      if (!suite.output().isEmpty()) {
        out.append("    <system-out>").append(content(suite.output())).append("</system-out>\n");
      }
      out.append("  </testsuite>\n");
    }
    return out.append("</testsuites>\n").toString();
  }

  private static void test(SuiteResult suite, SuiteResult.Test test, StringBuilder out) {
    out.append("    <testcase classname=\"").append(text(suite.file()));
    out.append("\" name=\"").append(text(test.name()));
    out.append("\" time=\"").append(seconds(test.millis())).append('"');
    SuiteResult.Failure failure = test.failure();
    if (failure == null && test.status() != Status.SKIPPED && test.output().isEmpty()) {
      out.append("/>\n");
      return;
    }
    out.append(">\n");
    if (test.status() == Status.SKIPPED) {
      out.append("      <skipped/>\n");
    }
    if (failure != null) {
      out.append("      <failure type=\"").append(text(failure.error()));
      out.append("\" message=\"").append(text(failure.message())).append("\">");
      if (failure.compared()) {
        String difference =
            String.join("\n", LineDifference.of(failure.expected(), failure.actual()));
        out.append(content(difference)).append('\n');
      }
      out.append(content(failure.stack())).append("</failure>\n");
    }
    if (!test.output().isEmpty()) {
      out.append("      <system-out>").append(content(test.output())).append("</system-out>\n");
    }
    out.append("    </testcase>\n");
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
  }

  /** Text between tags, with its lines. */
  private static String content(String raw) {
    return text(raw).replace("&#10;", "\n");
  }

  /** Text as XML 1.0 may contain it, in attributes too. */
  private static String text(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\t' -> out.append("&#9;");
                default -> {
                  boolean legal =
                      c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
                  out.appendCodePoint(legal ? c : 0xFFFD);
                }
              }
            });
    return out.toString();
  }
}

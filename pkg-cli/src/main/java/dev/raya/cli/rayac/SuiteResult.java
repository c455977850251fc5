package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.compiler.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one file of tests.
 *
 * @param file as it is shown
 * @param tests in the order of their declaration
 * @param diagnostics why it does not compile
 * @param trouble what went wrong outside of any test, or null
 * @param output what was printed outside of any test
 */
record SuiteResult(
    String file,
    List<Test> tests,
    List<Diagnostic> diagnostics,
    @Nullable String trouble,
    String output) {

  /** How a test ended. */
  enum Status {
    PASSED,
    FAILED,
    SKIPPED;

    String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * A test.
   *
   * @param name with the names of the groups around it
   * @param millis how long it took
   * @param failure why it failed, or null
   * @param output what was printed meanwhile
   */
  record Test(String name, Status status, long millis, @Nullable Failure failure, String output) {
    Json json() {
      return Json.object()
          .put("name", name)
          .put("status", status.word())
          .put("ms", millis)
          .putIfPresent("failure", failure == null ? null : failure.json())
          .putIfPresent("output", output.isEmpty() ? null : new Json.Str(output))
          .build();
    }
  }

  /**
   * Why a test failed.
   *
   * @param error the class of what was thrown
   * @param stack where, with causes
   * @param compared whether {@code actual} and {@code expected} mean something
   */
  record Failure(
      String error,
      String message,
      String stack,
      boolean compared,
      String actual,
      String expected) {
    /** The message without the lines that differ, which are told in full. */
    String headline() {
      int lines = message.indexOf("\n- ");
      int other = message.indexOf("\n+ ");
      int end = lines < 0 ? other : other < 0 ? lines : Math.min(lines, other);
      return compared && end >= 0 ? message.substring(0, end) : message;
    }

    Json json() {
      return Json.object()
          .put("error", error)
          .put("message", message)
          .put("stack", stack)
          .putIfPresent("actual", compared ? new Json.Str(actual) : null)
          .putIfPresent("expected", compared ? new Json.Str(expected) : null)
          .build();
    }
  }

  /** Copies the lists. */
  SuiteResult {
    tests = List.copyOf(tests);
    diagnostics = List.copyOf(diagnostics);
  }

  /** How many tests ended so. */
  long count(Status status) {
    return tests.stream().filter(test -> test.status() == status).count();
  }

  /** Whether nothing failed. */
  boolean ok() {
    return trouble == null
        && diagnostics.stream().noneMatch(Diagnostic::isError)
        && count(Status.FAILED) == 0;
  }

  Json json() {
    List<Json> all = new ArrayList<>();
    tests.forEach(test -> all.add(test.json()));
    return Json.object()
        .put("file", file)
        .put("ok", ok())
        .put("tests", new Json.Array(all))
        .putIfPresent("trouble", trouble == null ? null : new Json.Str(trouble))
        .build();
  }
}

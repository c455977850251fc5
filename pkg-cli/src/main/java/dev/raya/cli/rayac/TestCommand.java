package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.Style;
import dev.raya.cli.console.StyledText;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.rayac.SuiteResult.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code test [FILE|DIR…]}: runs the suites {@code *.test.raya} (stdlib.md 6), each in a VM of its
 * own, several at once; told in the order of their names.
 */
final class TestCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String FILTER = "--filter";
  private static final String DOC = "--doc";
  private static final String WATCH = "--watch";
  private static final String UPDATE = "--update-snapshots";
  private static final String JUNIT = "--junit";
  private static final String JOBS = "--jobs";
  private static final int MAX_JOBS = 256;

  static CommandSpec spec() {
    return CommandSpec.named("test", "run the tests of a project")
        .description(
            "Tests are in files NAME.test.raya and use the module raya:test. Each file runs in a VM"
                + " of its own, files run at the same time. New snapshots are written, but refused"
                + " where CI is set.")
        .positional(
            WHAT, PositionalSpec.Arity.ANY, "files and folders; default: the nearest project")
        .options(
            OptionSpec.value(FILTER, "TEXT", "only tests whose full name contains this"),
            OptionSpec.flag(DOC, "run the examples in doc comments instead"),
            OptionSpec.flag(WATCH, "run again whenever a source file changes"),
            OptionSpec.flag(UPDATE, "write all snapshots anew"),
            OptionSpec.value(JUNIT, "FILE", "write a report in JUnit's XML form too"),
            OptionSpec.value(JOBS, "N", "how many files run at once; default: one a core")
                .shortName("-j")
                .mirror("RAYA_JOBS"),
            OptionSpec.value("--output", "FORMAT", "text, json, jsonl, sarif or junit")
                .choices(List.of("text", "json", "jsonl", "sarif", "junit"))
                .mirror("RAYA_OUTPUT"),
            Options.MAX_ERRORS)
        .options(Options.OUTPUT.subList(1, Options.OUTPUT.size()))
        .example("rayac test", "all tests of the project around the working directory")
        .example("rayac test src/sum.test.raya --filter \"sum > adds\"", "one test")
        .example("rayac test --doc", "the fenced ts blocks of doc comments, as programs")
        .example("rayac test --junit report.xml", "for CI")
        .runs(new TestCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    if (!arguments.flag(WATCH)) {
      return once(arguments, console) ? ExitCode.OK : ExitCode.PROBLEM;
    }
    try (SourceWatch watch = new SourceWatch(roots(arguments))) {
      while (true) {
        once(arguments, console);
        console.status("waiting for changes; Ctrl-C ends");
        watch.awaitChange();
        console.status("");
      }
    }
  }

  private static List<Path> roots(Arguments arguments) throws UsageException {
    Inputs inputs = new Inputs(arguments);
    List<String> given = arguments.all(WHAT);
    List<Path> roots = new ArrayList<>();
    if (given.isEmpty()) {
      roots.add(inputs.project(null));
    }
    for (String each : given) {
      Path path = inputs.path(each);
      roots.add(java.nio.file.Files.isDirectory(path) ? path : path.getParent());
    }
    return roots;
  }

  private static boolean once(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    Inputs inputs = new Inputs(arguments);
    List<Path> files = new ArrayList<>();
    boolean doc = arguments.flag(DOC);
    for (Path file : SourceFiles.of(arguments.all(WHAT), inputs)) {
      if (SourceFiles.isTest(file) != doc) {
        files.add(file);
      }
    }
    if (files.isEmpty()) {
      throw doc
          ? new UsageException("there are no source files")
          : new UsageException(
              "there are no tests: no file ends with .test.raya",
              "examples in doc comments are run by --doc");
    }
    String filter = arguments.value(FILTER);
    SuiteRun.Settings settings =
        new SuiteRun.Settings(
            name -> filter == null || name.contains(filter),
            filter != null,
            arguments.flag(UPDATE),
            arguments.environment().has("CI"));
    int jobs =
        (int) arguments.number(JOBS, 1, MAX_JOBS, Runtime.getRuntime().availableProcessors());
    List<SuiteResult> results = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(jobs, files.size()));
    try {
      List<Future<@Nullable SuiteResult>> running = new ArrayList<>();
      for (Path file : files) {
        Callable<@Nullable SuiteResult> work =
            () ->
                doc
                    ? new ExampleRun(
                            new Inputs(arguments), arguments.environment(), settings.wanted())
                        .run(file)
                    : new SuiteRun(new Inputs(arguments), arguments.environment(), settings)
                        .run(file);
        running.add(pool.submit(work));
      }
      for (Future<@Nullable SuiteResult> each : running) {
        SuiteResult result = await(each);
        if (result != null) {
          results.add(result);
          tell(result, arguments, console);
        }
      }
    } finally {
      pool.shutdownNow();
    }
    return finish(results, arguments, console);
  }

  private static @Nullable SuiteResult await(Future<@Nullable SuiteResult> each)
      throws CommandException, InterruptedException {
    try {
      return each.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case CommandException failure -> throw failure;
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private static void tell(SuiteResult result, Arguments arguments, Console console)
      throws CommandException {
    console.event("suite", result.json());
    Inputs inputs = new Inputs(arguments);
    DiagnosticFindings.report(
        result.diagnostics(), Options.maxErrors(arguments), console, inputs.shown(result.file()));
    if (!console.isText()) {
      Path file = inputs.path(result.file());
      FailureFindings.of(result, file, inputs.name(file)).forEach(console::report);
    }
    if (result.ok() && result.tests().isEmpty() && arguments.value(FILTER) != null) {
      return; // Nothing in it was asked for.
    }
    long millis = result.tests().stream().mapToLong(SuiteResult.Test::millis).sum();
    String counts =
        result.count(Status.PASSED)
            + " passed"
            + some(result.count(Status.FAILED), "failed")
            + some(result.count(Status.SKIPPED), "skipped");
    console.line(
        StyledText.of(result.ok() ? Style.GREEN : Style.RED, result.ok() ? "ok  " : "FAIL")
            .and(" " + result.file() + "  " + counts + "  " + millis + " ms"));
    String trouble = result.trouble();
    if (trouble != null) {
      indented(trouble, "    ", console);
    }
    if (!result.ok()) {
      indented(result.output(), "    | ", console);
    }
    for (SuiteResult.Test test : result.tests()) {
      SuiteResult.Failure failure = test.failure();
      if (failure != null) {
        failed(test, failure, console);
      }
    }
  }

  private static void failed(SuiteResult.Test test, SuiteResult.Failure failure, Console console) {
    console.line("");
    console.line(StyledText.of(Style.RED, "  x ").and(test.name() + "  " + test.millis() + " ms"));
    indented(failure.error() + ": " + failure.headline(), "      ", console);
    if (failure.compared()) {
      for (String line : LineDifference.of(failure.expected(), failure.actual())) {
        Style style =
            line.startsWith("-") ? Style.GREEN : line.startsWith("+") ? Style.RED : Style.DIM;
        String word =
            line.startsWith("-") ? "expected " : line.startsWith("+") ? "actual   " : "         ";
        console.line(
            StyledText.of(style, "        " + line.charAt(0) + " " + word + line.substring(2)));
      }
    }
    failure
        .stack()
        .lines()
        .filter(line -> line.strip().startsWith("at ") && !line.contains("raya:test"))
        .forEach(line -> console.line(StyledText.of(Style.DIM, "      " + line.strip())));
    indented(test.output(), "      | ", console);
  }

  private static void indented(String text, String prefix, Console console) {
    text.lines().forEach(line -> console.line(prefix + line));
  }

  private static String some(long count, String word) {
    return count == 0 ? "" : ", " + count + " " + word;
  }

  private static boolean finish(List<SuiteResult> results, Arguments arguments, Console console)
      throws CommandException {
    long passed = results.stream().mapToLong(r -> r.count(Status.PASSED)).sum();
    long failed = results.stream().mapToLong(r -> r.count(Status.FAILED)).sum();
    long skipped = results.stream().mapToLong(r -> r.count(Status.SKIPPED)).sum();
    boolean ok = results.stream().allMatch(SuiteResult::ok);
    boolean none = passed + failed == 0 && arguments.value(FILTER) != null;
    List<Json> suites = new ArrayList<>();
    results.forEach(result -> suites.add(result.json()));
    console.result(
        Json.object()
            .put("passed", passed)
            .put("failed", failed)
            .put("skipped", skipped)
            .put("suites", new Json.Array(suites))
            .build());
    console.document(JUnitReport.of(results));
    String report = arguments.value(JUNIT);
    if (report != null) {
      Path target = arguments.environment().directory().resolve(report);
      CompileCommand.write(target, JUnitReport.of(results).getBytes(StandardCharsets.UTF_8));
    }
    console.line("");
    console.line(
        String.format(
            Locale.ROOT,
            "%d passed, %d failed, %d skipped in %d %s",
            passed,
            failed,
            skipped,
            results.size(),
            results.size() == 1 ? "file" : "files"));
    if (none) {
      throw new UsageException(
          "no test has \"" + arguments.value(FILTER) + "\" in its name",
          "names of groups and tests are joined by \" > \"");
    }
    return ok;
  }
}

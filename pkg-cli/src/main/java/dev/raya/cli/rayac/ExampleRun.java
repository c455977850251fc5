package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.cli.raya.ProgramRun;
import dev.raya.cli.rayac.SuiteResult.Failure;
import dev.raya.cli.rayac.SuiteResult.Status;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import dev.raya.compiler.doc.DocExample;
import dev.raya.compiler.source.SourceFile;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.context.VmOptions;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs the examples in the doc comments of one file, each as a program of its own (language.md
 * 17.1). What it prints must be what its comments {@code // prints TEXT} say, if it has any. Owned
 * by one thread.
 */
final class ExampleRun {
  private static final long LIMIT_MILLIS = 10_000;

  /** Time that a VM gets to stop. */
  private static final long STOP_MILLIS = 2_000;

  private final Inputs inputs;
  private final Environment environment;
  private final Predicate<String> wanted;

  ExampleRun(Inputs inputs, Environment environment, Predicate<String> wanted) {
    this.inputs = inputs;
    this.environment = environment;
    this.wanted = wanted;
  }

  /** The results; null if the file has no examples that are wanted. */
  @Nullable SuiteResult run(Path file) throws CommandException, InterruptedException {
    String shown = inputs.shownPath(file);
    SourceFile source = SourceFiles.read(file, shown);
    List<SuiteResult.Test> tests = new ArrayList<>();
    for (DocExample example : DocExample.of(source)) {
      String name = "example at line " + example.line();
      if (wanted.test(name)) {
        tests.add(test(file, name, example));
      }
    }
    return tests.isEmpty() ? null : new SuiteResult(shown, tests, List.of(), null, "");
  }

  private SuiteResult.Test test(Path file, String name, DocExample example)
      throws CommandException, InterruptedException {
    long start = System.nanoTime();
    StringBuilder output = new StringBuilder();
    Failure failure = failure(file, example, output);
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    Status status = failure == null ? Status.PASSED : Status.FAILED;
    return new SuiteResult.Test(name, status, millis, failure, output.toString());
  }

  private @Nullable Failure failure(Path file, DocExample example, StringBuilder output)
      throws CommandException, InterruptedException {
    TreeSet<String> unknown = new TreeSet<>(example.marks());
    unknown.removeAll(DocExample.MARKS);
    if (!unknown.isEmpty()) {
      return plain(
          "Marks",
          "an example cannot be marked "
              + String.join(", ", unknown)
              + "; there are "
              + String.join(" and ", new TreeSet<>(DocExample.MARKS)));
    }
    Compilation done = inputs.compileExample(file, example);
    List<Diagnostic> errors = done.diagnostics().stream().filter(Diagnostic::isError).toList();
    RbinModule module = done.module();
    if (example.marks().contains(DocExample.COMPILE_FAIL)) {
      return module == null
          ? null
          : plain("Compiled", "the example compiles, but is marked not to");
    }
    if (module == null) {
      return plain("Errors", "the example does not compile\n" + DiagnosticText.render(errors));
    }
    return example.marks().contains(DocExample.NO_RUN)
        ? null
        : run(file, RbinWriter.write(module), example.printed(), output);
  }

  private @Nullable Failure run(
      Path file, byte[] program, List<String> printed, StringBuilder output)
      throws InterruptedException {
    List<String> lines = new ArrayList<>();
    LineStream out = new LineStream(lines::add);
    LineStream err = new LineStream(line -> {});
    Streams streams =
        Streams.of(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    ProgramRun run = new ProgramRun(streams, environment);
    int[] code = {-1};
    CommandException[] refused = new CommandException[1];
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("example of " + file.getFileName())
            .start(
                () -> {
                  try {
                    code[0] = run.run(file, program, List.of(), VmOptions.defaults());
                  } catch (CommandException failure) {
                    refused[0] = failure;
                  }
                });
    thread.join(LIMIT_MILLIS);
    boolean late = thread.isAlive();
    if (late) {
      run.stop();
      thread.interrupt();
      thread.join(STOP_MILLIS);
      return plain("Timeout", "the example did not end within " + LIMIT_MILLIS + " ms");
    }
    out.end();
    lines.forEach(line -> output.append(line).append('\n'));
    if (refused[0] != null) {
      return plain("Refused", refused[0].findings().getFirst().message());
    }
    if (code[0] != 0) {
      return plain("Exit", "the example ended with code " + code[0] + "\n" + err.text().strip());
    }
    String expected = String.join("\n", printed);
    String actual = String.join("\n", lines);
    return printed.isEmpty() || expected.equals(actual)
        ? null
        : new Failure("Output", "the example prints something else", "", true, actual, expected);
  }

  private static Failure plain(String kind, String message) {
    return new Failure(kind, message, "", false, "", "");
  }
}

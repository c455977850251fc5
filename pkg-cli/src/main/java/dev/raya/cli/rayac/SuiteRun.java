package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.cli.raya.ProgramRun;
import dev.raya.cli.rayac.SuiteResult.Failure;
import dev.raya.cli.rayac.SuiteResult.Status;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.context.VmOptions;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs one file of tests in a VM of its own. The file is compiled together with {@code raya:test}
 * and a program that calls its {@code runSuite}; what that tells comes as lines on standard output
 * that begin with a prefix chosen for the run. A test that exceeds its time ends the VM, whatever
 * it does, and so does one that waits for what cannot come; the tests after it are run in a new
 * one. Owned by one thread.
 */
final class SuiteRun {
  /** Time for compiling nothing but loading the file and its {@code describe} bodies. */
  private static final long LOAD_MILLIS = 60_000;

  /** Time that a VM gets to stop. */
  private static final long STOP_MILLIS = 2_000;

  private static final int MAX_OUTPUT = 1 << 20;
  private static final String NONE = "none";

  /** How files are run. */
  record Settings(Predicate<String> wanted, boolean filtered, boolean update, boolean strict) {}

  private sealed interface Event {
    record Line(String text) implements Event {}

    record Over(int code, String errors, @Nullable CommandException refused) implements Event {}
  }

  /** What is known of a test while it runs. */
  private static final class Case {
    final String name;
    final boolean skipped;
    Status status;
    @Nullable Failure failure;
    long millis;
    final StringBuilder output = new StringBuilder();

    Case(String name, boolean skipped) {
      this.name = name;
      this.skipped = skipped;
      this.status = Status.SKIPPED;
    }
  }

  private final Inputs inputs;
  private final Environment environment;
  private final Settings settings;
  private final Map<Integer, Case> cases = new TreeMap<>();
  private final Map<String, String> snapshots = new LinkedHashMap<>();
  private final StringBuilder stray = new StringBuilder();
  private @Nullable String trouble;

  SuiteRun(Inputs inputs, Environment environment, Settings settings) {
    this.inputs = inputs;
    this.environment = environment;
    this.settings = settings;
  }

  SuiteResult run(Path file) throws CommandException, InterruptedException {
    String shown = inputs.shownPath(file);
    Compilation done = inputs.compileSuite(file);
    RbinModule module = done.module();
    if (module == null) {
      List<Diagnostic> errors = done.diagnostics().stream().filter(Diagnostic::isError).toList();
      return new SuiteResult(shown, List.of(), errors, null, "");
    }
    byte[] program = RbinWriter.write(module);
    Map<String, String> known = Snapshots.read(file);
    if (settings.filtered()) {
      runOnce(file, program, known, NONE);
    }
    String wanted = settings.filtered() ? chosen(-1) : "";
    boolean again = !settings.filtered() || !wanted.isEmpty();
    while (again && trouble == null) {
      int late = runOnce(file, program, known, wanted);
      wanted = late < 0 ? "" : chosen(late);
      again = !wanted.isEmpty();
    }
    save(file, known);
    List<SuiteResult.Test> tests = new ArrayList<>();
    for (Case each : cases.values()) {
      if (settings.wanted().test(each.name)) {
        tests.add(
            new SuiteResult.Test(
                each.name, each.status, each.millis, each.failure, each.output.toString()));
      }
    }
    return new SuiteResult(shown, tests, List.of(), trouble, stray.toString());
  }

  /** The numbers of the tests to run after one, separated by spaces. */
  private String chosen(int after) {
    StringBuilder numbers = new StringBuilder();
    cases.forEach(
        (number, test) -> {
          if (number > after && !test.skipped && settings.wanted().test(test.name)) {
            numbers.append(numbers.isEmpty() ? "" : " ").append(number);
          }
        });
    return numbers.toString();
  }

  /** An update drops what no test compares any more, but nothing of a test that did not pass. */
  private void save(Path file, Map<String, String> known) throws CommandException {
    boolean complete = !settings.filtered() && trouble == null;
    Map<String, String> now = new TreeMap<>(known);
    if (settings.update() && complete) {
      List<Case> unsure = cases.values().stream().filter(c -> c.status != Status.PASSED).toList();
      now.keySet().removeIf(key -> unsure.stream().noneMatch(c -> key.startsWith(c.name + " ")));
    }
    now.putAll(snapshots);
    if (!now.equals(known)) {
      Snapshots.write(file, now);
    }
  }

  /** Runs tests; gives the number of the one that was cut off, or -1. */
  private int runOnce(Path file, byte[] program, Map<String, String> known, String wanted)
      throws InterruptedException {
    // A new prefix for each run, that no test can know before.
    String prefix = "\u0001" + java.util.UUID.randomUUID() + "\t";
    List<String> arguments = new ArrayList<>();
    arguments.add(prefix);
    arguments.add(settings.update() ? "update" : "");
    arguments.add(settings.strict() ? "strict" : "");
    arguments.add(wanted);
    known.forEach(
        (name, text) -> {
          arguments.add(escape(name));
          arguments.add(escape(text));
        });
    BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    LineStream out = new LineStream(line -> events.add(new Event.Line(line)));
    LineStream err = new LineStream(line -> {});
    Streams streams =
        Streams.of(
            InputStream.nullInputStream(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    ProgramRun run = new ProgramRun(streams, environment);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("suite " + file.getFileName())
            .unstarted(
                () -> {
                  Event.Over over;
                  try {
                    int code = run.run(file, program, arguments, VmOptions.defaults());
                    out.end();
                    over = new Event.Over(code, err.text(), null);
                  } catch (CommandException refused) {
                    over = new Event.Over(1, err.text(), refused);
                  }
                  events.add(over);
                });
    thread.start();
    try {
      return follow(prefix, events, wanted.equals(NONE));
    } finally {
      run.stop();
      thread.interrupt();
      thread.join(STOP_MILLIS);
    }
  }

  private int follow(String prefix, BlockingQueue<Event> events, boolean listing)
      throws InterruptedException {
    Integer running = null;
    long started = System.nanoTime();
    long limit = LOAD_MILLIS;
    while (true) {
      long left = limit - millisSince(started);
      Event event = events.poll(Math.max(0, left), TimeUnit.MILLISECONDS);
      switch (event) {
        case null -> {
          if (running == null) {
            trouble = "the file was not loaded within " + LOAD_MILLIS + " ms";
            return -1;
          }
          Case late = cases.get(running);
          if (late != null) {
            late.status = Status.FAILED;
            late.millis = millisSince(started);
            late.failure =
                new Failure(
                    "Timeout", "the test did not end within " + limit + " ms", "", false, "", "");
          }
          return running;
        }
        case Event.Over over -> {
          return end(over, running);
        }
        case Event.Line line when !line.text().startsWith(prefix) -> {
          Case now = running == null ? null : cases.get(running);
          StringBuilder output = now == null ? stray : now.output;
          if (output.length() < MAX_OUTPUT && !listing) {
            output.append(line.text()).append('\n');
          }
        }
        case Event.Line line -> {
          String[] parts = line.text().substring(prefix.length()).split("\t", -1);
          switch (parts[0]) {
            case "case" ->
                cases.putIfAbsent(
                    Integer.valueOf(parts[1]),
                    new Case(unescape(parts[2]), parts[3].equals("skip")));
            case "start" -> {
              running = Integer.valueOf(parts[1]);
              started = System.nanoTime();
              limit = (long) Double.parseDouble(parts[2]);
            }
            case "snapshot" -> snapshots.put(unescape(parts[1]), unescape(parts[2]));
            case "passed", "failed" -> {
              Case over = cases.get(Integer.valueOf(parts[1]));
              if (over != null) {
                over.millis = millisSince(started);
                over.status = parts[0].equals("passed") ? Status.PASSED : Status.FAILED;
                over.failure = parts[0].equals("passed") ? null : failure(parts);
              }
              running = null;
              started = System.nanoTime();
              limit = LOAD_MILLIS;
            }
            default -> throw new IllegalStateException("suite said " + parts[0]);
          }
        }
      }
    }
  }

  /** Judges the end of a program; gives the number of the test that it cut off, or -1. */
  private int end(Event.Over over, @Nullable Integer running) {
    CommandException refused = over.refused();
    if (refused != null) {
      trouble = refused.findings().getFirst().message();
      return -1;
    }
    if (running != null && cases.get(running) instanceof Case cut) {
      String why = over.errors().lines().findFirst().map(line -> ": " + line).orElse("");
      cut.status = Status.FAILED;
      cut.failure =
          new Failure(
              "Exit", "the program ended during the test" + why, over.errors(), false, "", "");
      return running;
    }
    if (over.code() != 0 || !over.errors().isBlank()) {
      trouble = over.errors().isBlank() ? "exit code " + over.code() : over.errors().strip();
    }
    return -1;
  }

  private static Failure failure(String[] parts) {
    return new Failure(
        unescape(parts[2]),
        unescape(parts[3]),
        unescape(parts[4]),
        parts[5].equals("1"),
        unescape(parts[6]),
        unescape(parts[7]));
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }

  private static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char next = text.charAt(++i);
        out.append(
            switch (next) {
              case 't' -> '\t';
              case 'n' -> '\n';
              case 'r' -> '\r';
              default -> next;
            });
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}

package dev.raya.compiler.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import dev.raya.compiler.run.Running;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Verifier;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated programs through the whole compiler: what follows the grammar never breaks it, and what
 * is well typed compiles, verifies and prints what a second reading of the language says.
 */
final class GeneratedProgramsTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();
  private static final Duration LONG = Duration.ofMinutes(Long.getLong("raya.fuzz.minutes", 30));
  private static final long FIRST = Long.getLong("raya.fuzz.seed", 1_000_000);
  private static final String[] PIECES = {
    "{", "}", "(", ")", ";", ",", ".", "=>", "?", ":", "null", "int", "string", " as ", "await ",
    "[", "]", "<", "x", "0", "\"", "`", "${", "\n"
  };

  @Test
  void wellTypedProgramsPrintWhatTheyShould() throws Exception {
    for (long seed = 1; seed <= 40; seed++) {
      wellTyped(seed);
    }
  }

  @Test
  void programsOfTheGrammarNeverBreakTheCompiler() {
    for (long seed = 1; seed <= 800; seed++) {
      survives("grammar " + seed, new RandomSyntax(new Random(seed)).program());
    }
  }

  @Test
  void mutatedProgramsNeverBreakTheCompiler() {
    for (long seed = 1; seed <= 150; seed++) {
      survives("mutant " + seed, mutant(seed));
    }
  }

  /**
   * Each kind in turn, until the processor time ({@code raya.fuzz.minutes}) is used up; {@code
   * raya.fuzz.seed} says where to begin.
   */
  @Test
  @Tag("long")
  void halfAnHourOfPrograms() throws Exception {
    long limit = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() + LONG.toNanos();
    // Deep programs are compiled on threads of the compiler; wall time bounds those.
    long wall = System.nanoTime() + LONG.toNanos();
    for (long seed = FIRST;
        ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < limit
            && System.nanoTime() < wall;
        seed++) {
      wellTyped(seed);
      for (int i = 0; i < 20; i++) {
        survives(
            "grammar " + seed + "." + i, new RandomSyntax(new Random(seed * 31 + i)).program());
      }
      survives("mutant " + seed, mutant(seed));
    }
  }

  private static void wellTyped(long seed) throws Exception {
    TypedProgram program = TypedProgram.of(new Random(seed));
    String what = "seed " + seed + "\n" + program.source();
    Compilation done;
    try {
      done = compile(program.source());
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(what, e);
    }
    List<Diagnostic> errors = done.diagnostics().stream().filter(Diagnostic::isError).toList();
    assertThat(errors).as(DiagnosticText.render(errors) + what).isEmpty();
    byte[] bytes = RbinWriter.write(Objects.requireNonNull(done.module()));
    Running.Outcome outcome = Running.run(Map.of("main", bytes), List.of());
    assertThat(outcome.errors()).as(what).isEmpty();
    assertThat(outcome.output().lines().toList()).as(what).isEqualTo(program.output());
  }

  /** Whatever the text, there are diagnostics, or a module that verifies. */
  private static void survives(String what, String source) {
    try {
      Compilation done = compile(source);
      assertThat(DiagnosticText.render(done.diagnostics())).isNotNull();
      if (done.module() == null) {
        assertThat(done.diagnostics()).anyMatch(Diagnostic::isError);
        assertThat(done.diagnostics())
            .as("refused by the verifier")
            .noneMatch(d -> d.message().contains("TypeMismatch"));
      } else {
        Verifier.verify(RbinWriter.write(done.module()));
      }
    } catch (Exception | AssertionError | StackOverflowError e) {
      throw new AssertionError(what + "\n" + source, e);
    }
  }

  private static Compilation compile(String source) {
    return new Compiler(LIBRARY, SourceTree.of(Map.of("a.raya", source)), PackageImports.NONE)
        .compile(
            new Compiler.Request(
                "", "", List.of(new Compiler.Root("", "a.raya", true)), "a.raya", true));
  }

  private static String mutant(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(TypedProgram.of(random).source());
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(12)));
        default -> {
          int from = random.nextInt(text.length());
          int length = Math.min(text.length() - from, random.nextInt(30));
          text.insert(at, text.substring(from, from + length));
        }
      }
    }
    return text.toString();
  }
}

package dev.raya.integration.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Feeds generated inputs to a reader. Whatever comes, it may refuse with one of the exceptions that
 * it documents, or accept; it may not fail otherwise, and not allocate more than a bound. An input
 * that breaks a rule is written to {@code target/fuzz}, so that it can be looked at.
 */
final class Fuzz {
  /** Rounds of a run in every check. */
  private static final int SHORT = 4_000;

  /** Rounds of a run of the tests tagged {@code long}; {@code -Draya.fuzz.rounds} sets another. */
  private static final int LONG = 1_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final int rounds;
  private final Predicate<Exception> documented;
  private final long bound;

  /** Where the inputs go; throws if the input is refused. */
  interface Reader {
    /** Reads an input, and fails by an {@link AssertionError} if what it accepts is wrong. */
    void read(byte[] input) throws Exception;
  }

  /**
   * How a run ended.
   *
   * @param accepted how many inputs were accepted
   * @param refused how many were refused
   */
  record Outcome(int accepted, int refused) {}

  private Fuzz(String name, int rounds, Predicate<Exception> documented, long bound) {
    this.name = name;
    this.rounds = rounds;
    this.documented = documented;
    this.bound = bound;
  }

  /**
   * A run in every check.
   *
   * @param documented the exceptions that a refusal is
   * @param bound bytes that reading one input may allocate
   */
  static Fuzz brief(String name, Predicate<Exception> documented, long bound) {
    return new Fuzz(name, SHORT, documented, bound);
  }

  /** The same run, longer and with other inputs. */
  Fuzz longer() {
    return new Fuzz(name, Integer.getInteger("raya.fuzz.rounds", LONG), documented, bound);
  }

  /** A number to begin from: the same in every check, another one for each number of rounds. */
  Random random() {
    return new Random(20_260_101L * 31 + rounds);
  }

  /** Feeds inputs. */
  Outcome run(Supplier<byte[]> inputs, Reader reader) throws IOException {
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] input = inputs.get();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        reader.read(input);
        accepted++;
      } catch (Exception e) {
        if (!documented.test(e)) {
          throw broken(round, input, "was answered by an exception that nothing documents", e);
        }
        refused++;
      } catch (AssertionError | StackOverflowError | OutOfMemoryError e) {
        throw broken(round, input, "broke the reader", e);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated > bound) {
        throw broken(round, input, "took " + allocated + " bytes, at most " + bound, null);
      }
    }
    return new Outcome(accepted, refused);
  }

  private AssertionError broken(int round, byte[] input, String what, @Nullable Throwable cause)
      throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "fuzz"));
    Path file = folder.resolve(name + "-" + round + ".bin");
    Files.write(file, input);
    return new AssertionError(
        "input " + round + " of " + name + " (" + file.toAbsolutePath() + ") " + what, cause);
  }
}

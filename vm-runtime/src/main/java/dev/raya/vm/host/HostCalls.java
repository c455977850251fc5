package dev.raya.vm.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the built-ins of {@code raya:fs}, {@code raya:process} and {@code raya:http} ask of the
 * system. Calls may wait; the VM makes them on virtual threads and interrupts those whose task was
 * cancelled. Arguments and results are String, byte[], Double, Integer, Boolean, {@code
 * List<String>} and {@code List<Double>}; anything else is a handle that the program only passes
 * back.
 */
public interface HostCalls {
  /** A host that offers nothing. */
  HostCalls NONE =
      (function, arguments) -> {
        throw new HostFailure("IOError", "ENOSYS", null, function + " is not available here");
      };

  /** Gives back what was taken from the process for the program, such as its signals. */
  default void close() {}

  /**
   * Calls a function.
   *
   * @param function its name in the table of built-ins, such as {@code fs.readFile}
   * @throws HostFailure if it fails as {@code stdlib.md} says
   * @throws InterruptedException if nobody waits for the result any more
   */
  @Nullable Object call(String function, List<Object> arguments)
      throws HostFailure, InterruptedException;
}

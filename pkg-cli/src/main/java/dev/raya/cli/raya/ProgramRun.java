package dev.raya.cli.raya;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Streams;
import dev.raya.vm.context.RayaRuntime;
import dev.raya.vm.context.VmException;
import dev.raya.vm.context.VmOptions;
import dev.raya.vm.context.VmStats;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one package file in this process; {@code raya} and {@code rayac run} use it. */
public final class ProgramRun {
  /** The exit code that shells show of a program whose reader closed the pipe: 128 + SIGPIPE. */
  private static final int UNREAD = 141;

  private final Streams streams;
  private final Environment environment;

  /** What runs now; set by the running thread, read by whoever stops it. */
  private volatile @Nullable RayaRuntime running;

  /** Makes a run with the streams and surroundings of the calling program. */
  public ProgramRun(Streams streams, Environment environment) {
    this.streams = streams;
    this.environment = environment;
  }

  /**
   * Runs a file.
   *
   * @param file the package file; its packages are found through the nearest raya.lock above it
   * @param arguments the program's arguments
   * @param stats whether to print what was used to standard error
   * @return the program's exit code
   * @throws CommandException if it cannot be loaded; nothing of it has run
   */
  public int run(Path file, List<String> arguments, VmOptions options, boolean stats)
      throws CommandException {
    return run(
        new LockedModules(file, null, environment, options.grants()), arguments, options, stats);
  }

  /**
   * Runs a program that was compiled in this process.
   *
   * @param file where its file would lie; its packages are found through the nearest raya.lock
   *     above it
   * @param program its bytes
   * @param arguments the program's arguments
   * @return the program's exit code
   * @throws CommandException if it cannot be loaded; nothing of it has run
   */
  public int run(Path file, byte[] program, List<String> arguments, VmOptions options)
      throws CommandException {
    return run(
        new LockedModules(file, program, environment, options.grants()), arguments, options, false);
  }

  /**
   * Runs a program of an installed package, with what raya.lock grants the package.
   *
   * @param place a file of the project; its packages are found through the nearest raya.lock above
   * @param name the package, as the project imports it
   * @param program path of the module in the package (rbin.md 3.10)
   * @param arguments the program's arguments
   * @param stats whether to print what was used to standard error
   * @return the program's exit code
   * @throws CommandException if it cannot be loaded; nothing of it has run
   */
  public int runPackage(
      Path place,
      String name,
      String program,
      List<String> arguments,
      VmOptions options,
      boolean stats)
      throws CommandException {
    LockedModules modules = new LockedModules(place, null, environment, options.grants());
    try {
      return run(modules, modules.packageKey(name), program, arguments, options, stats);
    } catch (VmException failure) {
      throw new CommandException(failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  private int run(LockedModules modules, List<String> arguments, VmOptions options, boolean stats)
      throws CommandException {
    return run(modules, modules.entryKey(), null, arguments, options, stats);
  }

  private int run(
      LockedModules modules,
      String key,
      @Nullable String program,
      List<String> arguments,
      VmOptions options,
      boolean stats)
      throws CommandException {
    ProcessHost host = new ProcessHost(streams, environment, arguments, this::stop);
    try (RayaRuntime runtime = new RayaRuntime(host, ProgramVersion.CURRENT)) {
      running = runtime;
      RayaRuntime.ProgramResult result = runtime.run(modules, key, program, options);
      if (stats) {
        print(result.stats());
      }
      return host.cutOff() ? UNREAD : result.exitCode();
    } catch (VmException failure) {
      throw new CommandException(failure.code(), String.valueOf(failure.getMessage()));
    }
  }

  /** Asks the program that runs, if any, to stop at its next poll; from any thread. */
  public void stop() {
    RayaRuntime now = running;
    if (now != null) {
      now.close();
    }
  }

  private void print(VmStats stats) {
    streams
        .err()
        .print(
            "steps: "
                + stats.stepsExecuted()
                + "\nheap bytes: "
                + stats.heapBytesUsed()
                + "\npeak heap bytes: "
                + stats.peakHeapBytes()
                + "\npeak tasks: "
                + stats.peakTasks()
                + "\n");
    streams.err().flush();
  }
}

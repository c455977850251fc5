package dev.raya.vm.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The functions of {@code raya:process} that wait. */
final class ProcessCalls {
  /** The greatest output of a child or of standard input that is kept. */
  static final int MAX_OUTPUT = 1 << 28;

  private final Path directory;
  private final InputStream input;
  private final Supplier<Map<String, String>> environment;
  private final int most;
  private final SignalCalls signals = new SignalCalls();

  /** What a child process left. */
  private record Ended(int code, byte[] output, byte[] errors) {}

  /** Makes the calls; {@code most} bounds what is kept of each output of a child, in bytes. */
  ProcessCalls(
      Path directory, InputStream input, Supplier<Map<String, String>> environment, int most) {
    this.directory = directory.toAbsolutePath();
    this.input = input;
    this.environment = environment;
    this.most = most;
  }

  /** The signals that were heard do again what they did before. */
  void close() {
    signals.close();
  }

  @Nullable Object call(String name, Arguments a)
      throws IOException, HostFailure, InterruptedException {
    return switch (name) {
      case "readLine" -> readLine();
      case "readInput" -> input.readNBytes(MAX_OUTPUT);
      case "run" -> run(a);
      case "resultCode" -> a.handle(0, Ended.class).code();
      case "resultOutput" -> a.handle(0, Ended.class).output();
      case "resultErrors" -> a.handle(0, Ended.class).errors();
      case "openSignal" -> signals.open(a.text(0));
      case "awaitSignal" -> {
        a.handle(0, SignalCalls.Subscription.class).await();
        yield null;
      }
      default -> throw new IllegalStateException("unknown function process." + name);
    };
  }

  /** A line of standard input without its end, or null at the end. */
  private @Nullable String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (; ; ) {
      int b = input.read();
      if (b < 0 && line.size() == 0) {
        return null;
      }
      if (b < 0 || b == '\n' || line.size() >= MAX_OUTPUT) {
        byte[] bytes = line.toByteArray();
        int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? 1 : 0;
        return FileCalls.text(java.util.Arrays.copyOf(bytes, bytes.length - end));
      }
      line.write(b);
    }
  }

  /** Command, arguments, environment (name and value in turn), folder, input, limit, inherit. */
  private Ended run(Arguments a) throws IOException, HostFailure, InterruptedException {
    List<String> command = new ArrayList<>(List.of(a.text(0)));
    command.addAll(a.texts(1));
    ProcessBuilder builder = new ProcessBuilder(command);
    Path folder = directory.resolve(a.text(3));
    if (!Files.isDirectory(folder)) {
      throw Failures.io(
          Files.exists(folder) ? "ENOTDIR" : "ENOENT",
          a.text(3),
          "no directory to start the command in");
    }
    builder.directory(folder.toFile());
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(environment.get());
    List<String> pairs = a.texts(2);
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      String unfit = EnvironmentNames.unfit(pairs.get(i), pairs.get(i + 1));
      if (unfit != null) {
        throw Failures.io("EINVAL", null, unfit);
      }
      variables.put(pairs.get(i), pairs.get(i + 1));
    }
    boolean inherit = a.flag(6);
    if (inherit) {
      builder.inheritIO();
    }
    Process process;
    try {
      process = builder.start();
    } catch (IOException unstartable) {
      throw Failures.io(
          reason(String.valueOf(unstartable.getMessage())),
          a.text(0),
          "the command cannot be started");
    }
    return await(process, inherit, a.bytes(4), a.number(5));
  }

  /** The code of what the JDK says of a command that it could not start. */
  private static String reason(String message) {
    return message.contains("Permission denied")
        ? "EACCES"
        : message.contains("invalid null character") ? "EINVAL" : "ENOENT";
  }

  /**
   * Waits for a child and for what it writes, at most for the limit in milliseconds (none if it is
   * not positive). However it ends, neither the child nor its descendants that still hold its pipes
   * keep this from returning.
   */
  private Ended await(Process process, boolean inherit, byte[] data, double limit)
      throws IOException, HostFailure, InterruptedException {
    long end = System.nanoTime() + (long) (Math.clamp(limit, 0, 1e12) * 1e6);
    // Reads of pipes cannot be interrupted: a descendant that keeps one open keeps its thread.
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
    try {
      Future<byte[]> output =
          threads.submit(() -> inherit ? new byte[0] : drain(process, process.getInputStream()));
      Future<byte[]> errors =
          threads.submit(() -> inherit ? new byte[0] : drain(process, process.getErrorStream()));
      threads.submit(() -> feed(process, data));
      if (!(limit > 0)) {
        int code = process.waitFor();
        return new Ended(code, output.get(), errors.get());
      }
      if (!process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      return new Ended(
          process.exitValue(),
          output.get(end - System.nanoTime(), TimeUnit.NANOSECONDS),
          errors.get(end - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException late) {
      throw new HostFailure("TimeoutError", "", null, "the command took too long");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof HostFailure known) {
        throw known;
      }
      if (failed.getCause() instanceof OutOfMemoryError full) {
        throw full;
      }
      throw new IOException("the output of the command cannot be read", failed);
    } finally {
      kill(process);
      // This closes the pipes, for which it may have to wait.
      threads.execute(process::destroyForcibly);
      threads.shutdown();
    }
  }

  /** Reads what a child writes; one that writes too much is killed, as it would wait for ever. */
  private byte[] drain(Process process, InputStream in) throws IOException, HostFailure {
    boolean whole = false;
    try {
      byte[] data = in.readNBytes(most);
      if (data.length == most && in.read() >= 0) {
        throw Failures.io(
            "EFBIG", null, "the command wrote more than " + most + " bytes of output");
      }
      whole = true;
      return data;
    } finally {
      if (!whole) {
        kill(process);
      }
    }
  }

  /** Ends a child with its descendants. No effect on one that has ended. */
  private static void kill(Process process) {
    if (process.isAlive()) {
      // The child first, so that a shell does not go on to its next command.
      List<ProcessHandle> descendants = process.descendants().toList();
      process.toHandle().destroyForcibly();
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** Gives a child its input; false if it did not read it to the end, which is no failure. */
  private static boolean feed(Process process, byte[] data) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(data);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }
}

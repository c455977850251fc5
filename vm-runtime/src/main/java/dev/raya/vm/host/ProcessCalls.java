package dev.raya.vm.host;

import dev.raya.vm.context.HostFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The functions of {@code raya:process} that wait. */
final class ProcessCalls {
  /** The greatest output of a child or of standard input that is kept. */
  private static final int MAX_OUTPUT = 1 << 28;

  private final Path directory;
  private final InputStream input;
  private final Supplier<Map<String, String>> environment;

  /** What a child process left. */
  private record Ended(int code, byte[] output, byte[] errors) {}

  ProcessCalls(Path directory, InputStream input, Supplier<Map<String, String>> environment) {
    this.directory = directory.toAbsolutePath();
    this.input = input;
    this.environment = environment;
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
    builder.directory(directory.resolve(a.text(3)).toFile());
    Map<String, String> variables = builder.environment();
    variables.clear();
    variables.putAll(environment.get());
    List<String> pairs = a.texts(2);
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
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
          String.valueOf(unstartable.getMessage()).contains("error=13") ? "EACCES" : "ENOENT",
          a.text(0),
          "the command cannot be started");
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        Future<byte[]> output =
            threads.submit(
                () -> inherit ? new byte[0] : process.getInputStream().readNBytes(MAX_OUTPUT));
        Future<byte[]> errors =
            threads.submit(
                () -> inherit ? new byte[0] : process.getErrorStream().readNBytes(MAX_OUTPUT));
        threads.submit(() -> feed(process, a.bytes(4)));
        double limit = a.number(5);
        boolean ended =
            limit <= 0 || process.waitFor((long) Math.ceil(limit), TimeUnit.MILLISECONDS);
        if (!ended) {
          throw new HostFailure("TimeoutError", "", null, "the command took too long");
        }
        int code = process.waitFor();
        return new Ended(code, output.get(), errors.get());
      } catch (ExecutionException failed) {
        throw new IOException("the output of the command cannot be read", failed);
      } finally {
        process.destroyForcibly();
      }
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

package dev.raya.vm.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Files, processes and HTTP of the machine. Safe for use by several threads. */
public final class SystemCalls implements HostCalls {
  private final FileCalls files;
  private final ProcessCalls processes;
  private final HttpCalls http = new HttpCalls();

  /**
   * Makes the calls of a program.
   *
   * @param directory what relative paths start at
   * @param input standard input
   * @param environment the variables that child processes get
   */
  public SystemCalls(Path directory, InputStream input, Supplier<Map<String, String>> environment) {
    this.files = new FileCalls(directory);
    this.processes = new ProcessCalls(directory, input, environment, ProcessCalls.MAX_OUTPUT);
  }

  @Override
  public void close() {
    processes.close();
  }

  @Override
  public @Nullable Object call(String function, List<Object> arguments)
      throws HostFailure, InterruptedException {
    int dot = function.indexOf('.');
    Arguments a = new Arguments(arguments);
    String name = function.substring(dot + 1);
    boolean network = function.startsWith("http.");
    String path =
        !network && !arguments.isEmpty() && arguments.getFirst() instanceof String text
            ? text
            : null;
    try {
      return switch (function.substring(0, dot)) {
        case "fs" -> files.call(name, a);
        case "process" -> processes.call(name, a);
        case "http" -> http.call(name, a);
        default -> throw new IllegalStateException("unknown function " + function);
      };
    } catch (IOException failed) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw Failures.of(failed, path);
    } catch (UnresolvedAddressException unknown) {
      throw Failures.io("ENOTFOUND", null, "host not found");
    } catch (IllegalArgumentException
        | UnsupportedOperationException
        | NonReadableChannelException
        | NonWritableChannelException unfit) {
      // What the JDK says of arguments that programs may give it.
      String reason = unfit.getMessage();
      throw Failures.io("EINVAL", path, reason == null ? "invalid argument" : reason);
    }
  }
}

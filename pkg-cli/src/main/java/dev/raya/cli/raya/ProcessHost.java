package dev.raya.cli.raya;

import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.vm.host.Host;
import dev.raya.vm.host.HostCalls;
import dev.raya.vm.host.SystemCalls;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The process as a program's host. Output is UTF-8, buffered unless it goes to a terminal. */
final class ProcessHost implements Host {
  private static final int SEEN_EVERY = 8192;

  private final Streams streams;
  private final Environment environment;
  private final List<String> arguments;
  private final ConcurrentSkipListMap<String, String> variables;
  private final Runnable unread;
  private boolean outputGone;
  private boolean cutOff;

  /** Bytes of output since it was last seen whether they arrive. */
  private int unseen;

  private @Nullable RandomGenerator random;
  private @Nullable HostCalls calls;

  /**
   * A host.
   *
   * @param unread called once when nobody reads standard output any more
   */
  ProcessHost(Streams streams, Environment environment, List<String> arguments, Runnable unread) {
    this.unread = unread;
    this.streams = streams;
    this.environment = environment;
    this.arguments = List.copyOf(arguments);
    this.variables = new ConcurrentSkipListMap<>(environment.variables());
  }

  @Override
  public void out(String text) {
    unseen += write(streams.out(), text);
    if (streams.outTerminal() || unseen >= SEEN_EVERY) {
      flushOutput();
    }
  }

  /** A reader such as {@code head} that has seen enough closes the pipe; then the program ends. */
  private void flushOutput() {
    unseen = 0;
    if (streams.out().checkError() && !outputGone) {
      outputGone = true;
      unread.run();
    }
  }

  @Override
  public void err(String text) {
    if (outputGone) {
      // That the program is ended, which is what whoever closed the pipe wanted.
      cutOff = true;
      return;
    }
    streams.out().flush();
    write(streams.err(), text);
    streams.err().flush();
  }

  /** Whether the program was ended because nobody reads its output. */
  boolean cutOff() {
    return cutOff;
  }

  private static int write(PrintStream stream, String text) {
    byte[] bytes = wellFormed(text).getBytes(StandardCharsets.UTF_8);
    stream.write(bytes, 0, bytes.length);
    return bytes.length;
  }

  /**
   * A lone surrogate is written as U+FFFD (language.md 7.1); Java's encoder would write a question
   * mark.
   */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
            .forEach(c -> out.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return out.toString();
      }
    }
    return text;
  }

  @Override
  public void flush() {
    flushOutput();
    streams.err().flush();
  }

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public @Nullable String environment(String name) {
    return variables.get(name);
  }

  @Override
  public List<String> environmentNames() {
    return List.copyOf(variables.keySet());
  }

  @Override
  public void setEnvironment(String name, @Nullable String value) {
    if (value == null) {
      variables.remove(name);
    } else {
      variables.put(name, value);
    }
  }

  @Override
  public HostCalls calls() {
    HostCalls known = calls;
    if (known == null) {
      known = new SystemCalls(environment.directory(), streams.in(), () -> Map.copyOf(variables));
      calls = known;
    }
    return known;
  }

  @Override
  public void release() {
    HostCalls known = calls;
    if (known != null) {
      known.close();
    }
  }

  @Override
  public ZoneId zone() {
    return ZoneId.systemDefault();
  }

  @Override
  public String workingDirectory() {
    return environment.directory().toString();
  }

  @Override
  public long processId() {
    return ProcessHandle.current().pid();
  }

  @Override
  public String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return os.startsWith("windows") ? "windows" : os.startsWith("mac") ? "macos" : "linux";
  }

  @Override
  public String architecture() {
    String arch = System.getProperty("os.arch", "");
    return arch.equals("aarch64") ? "arm64" : "x64";
  }

  @Override
  public InstantSource clock() {
    return environment.clock();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public RandomGenerator random() {
    RandomGenerator known = random;
    if (known == null) {
      known = new java.security.SecureRandom();
      random = known;
    }
    return known;
  }

  @Override
  public void waitUntil(long nanoTime) throws InterruptedException {
    for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}

package dev.raya.compiler.run;

import dev.raya.vm.host.Host;
import dev.raya.vm.host.HostCalls;
import dev.raya.vm.host.SystemCalls;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A surrounding without a real world: fixed time, seeded randomness, output kept. */
public final class RecordingHost implements Host {
  private final List<String> arguments;
  private final String platform;
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();
  private final Random random = new Random(42);
  private long nanos;
  private @Nullable HostCalls calls;

  /** A host with arguments, on Linux. */
  public RecordingHost(List<String> arguments) {
    this(arguments, "linux");
  }

  /** A host with arguments that says it is a platform. */
  RecordingHost(List<String> arguments, String platform) {
    this.arguments = List.copyOf(arguments);
    this.platform = platform;
  }

  /** What was written to standard output. */
  public String output() {
    return out.toString();
  }

  /** What was written to standard error. */
  public String errors() {
    return err.toString();
  }

  @Override
  public void out(String text) {
    out.append(text);
  }

  @Override
  public void err(String text) {
    err.append(text);
  }

  @Override
  public void flush() {}

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public @Nullable String environment(String name) {
    return name.equals("GREETING") ? "hello" : null;
  }

  @Override
  public String workingDirectory() {
    return "/work";
  }

  @Override
  public HostCalls calls() {
    HostCalls known = calls;
    if (known == null) {
      byte[] input = "first line\r\nsecond".getBytes(StandardCharsets.UTF_8);
      known = new SystemCalls(Path.of(""), new ByteArrayInputStream(input), Map::of);
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
  public long processId() {
    return ProcessHandle.current().pid();
  }

  @Override
  public String platform() {
    return platform;
  }

  @Override
  public String architecture() {
    return "x64";
  }

  @Override
  public InstantSource clock() {
    return InstantSource.fixed(Instant.EPOCH);
  }

  @Override
  public long nanoTime() {
    nanos += 1_000_000;
    return nanos;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public void waitUntil(long nanoTime) {
    nanos = Math.max(nanos, nanoTime);
  }
}

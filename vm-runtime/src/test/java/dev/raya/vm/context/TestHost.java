package dev.raya.vm.context;

import dev.raya.vm.host.Host;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host in memory: output is collected, time moves only when the program waits. */
class TestHost implements Host {
  /** Characters kept: mutated programs print as much as their budget allows. */
  private static final int MAX_OUTPUT = 1 << 20;

  final StringBuilder out = new StringBuilder();
  final StringBuilder err = new StringBuilder();
  private final List<String> arguments;
  private final Random random = new Random(1);
  long nanos;

  TestHost(String... arguments) {
    this.arguments = List.of(arguments);
  }

  @Override
  public void out(String text) {
    append(out, text);
  }

  private static void append(StringBuilder to, String text) {
    to.append(text, 0, Math.min(text.length(), Math.max(0, MAX_OUTPUT - to.length())));
  }

  @Override
  public void err(String text) {
    append(err, text);
  }

  @Override
  public void flush() {}

  @Override
  public List<String> arguments() {
    return arguments;
  }

  @Override
  public @Nullable String environment(String name) {
    return Map.of("LANG", "C").get(name);
  }

  @Override
  public String workingDirectory() {
    return "/work";
  }

  @Override
  public long processId() {
    return 7;
  }

  @Override
  public String platform() {
    return "linux";
  }

  @Override
  public String architecture() {
    return "x64";
  }

  @Override
  public InstantSource clock() {
    return InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L));
  }

  @Override
  public long nanoTime() {
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

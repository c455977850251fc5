package dev.raya.vm.context;

import dev.raya.vm.host.HostCalls;
import dev.raya.vm.host.SystemCalls;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A host in memory that also answers what the compiled programs ask of their surrounding. */
final class ProgramHost extends TestHost {
  private final Random random = new Random(42);
  private final HostCalls calls =
      new SystemCalls(
          Path.of(""),
          new ByteArrayInputStream("first line\r\nsecond".getBytes(StandardCharsets.UTF_8)),
          Map::of);

  ProgramHost(String... arguments) {
    super(arguments);
  }

  @Override
  public @Nullable String environment(String name) {
    return name.equals("GREETING") ? "hello" : null;
  }

  @Override
  public HostCalls calls() {
    return calls;
  }

  @Override
  public void release() {
    calls.close();
  }

  @Override
  public InstantSource clock() {
    return InstantSource.fixed(Instant.EPOCH);
  }

  /** Every look at the clock takes a millisecond. */
  @Override
  public long nanoTime() {
    nanos += 1_000_000;
    return nanos;
  }

  @Override
  public long processId() {
    return ProcessHandle.current().pid();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}

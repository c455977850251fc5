package dev.raya.registry.ops;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** {@code raya-registry verify} on the registry under test, beside the running server. */
public final class VerifyForTests {
  private VerifyForTests() {}

  /** Runs it and gives the exit code. */
  public static int run() throws IOException {
    return new CommandLine(
            System.err, System.err, new SecureRandom(), InstantSource.system(), options -> 1)
        .run(List.of("verify", "--data-dir", RunningRegistry.directory().root().toString()));
  }
}

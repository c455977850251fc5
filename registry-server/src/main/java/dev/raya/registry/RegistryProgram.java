package dev.raya.registry;

import dev.raya.registry.ops.CommandLine;
import dev.raya.registry.ops.RegistryServer;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** {@code raya-registry}: knows the real streams, clock and randomness, and nothing else. */
@QuarkusMain
public final class RegistryProgram {
  private RegistryProgram() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    SecureRandom random = new SecureRandom();
    InstantSource clock = InstantSource.system();
    CommandLine commandLine =
        new CommandLine(
            out, err, random, clock, new RegistryServer(RegistryProgram.class, err, random, clock));
    System.exit(commandLine.run(List.of(arguments)));
  }
}

package dev.raya.cli.pm.project;

import dev.raya.cli.console.Environment;
import dev.raya.toolchain.bundle.ToolchainException;
import dev.raya.toolchain.bundle.ToolchainManifest;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The platform that programs run on here. */
public final class Machine {
  private static final Path MUSL_LOADER = Path.of("/lib/ld-musl-x86_64.so.1");

  /** Where this is too, musl was only added to a system of another C library. */
  private static final Path GNU_LOADER = Path.of("/lib64/ld-linux-x86-64.so.2");

  private Machine() {}

  /**
   * The target of the toolchain in use; outside of one, what the Java runtime says of the machine.
   *
   * @return nothing if Raya is not built for such a machine
   */
  public static Optional<Target> target(Environment environment) {
    Path home = environment.toolchainHome();
    if (home != null && Files.isRegularFile(home.resolve(ToolchainManifest.FILE))) {
      try {
        return Optional.of(
            ToolchainManifest.read(Files.readAllBytes(home.resolve(ToolchainManifest.FILE)))
                .target());
      } catch (IOException | ToolchainException unreadable) {
        // The machine itself can still be asked.
        return ofMachine();
      }
    }
    return ofMachine();
  }

  private static Optional<Target> ofMachine() {
    return Target.of(
        System.getProperty("os.name", ""),
        System.getProperty("os.arch", ""),
        Files.exists(MUSL_LOADER) && !Files.exists(GNU_LOADER));
  }
}

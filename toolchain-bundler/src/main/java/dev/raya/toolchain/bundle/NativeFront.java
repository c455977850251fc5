package dev.raya.toolchain.bundle;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The small native program that answers {@code raya-pm install} where there is nothing to do,
 * without starting a Java machine. Like the start-up cache it is made on the machine that uses it,
 * is no part of an archive, and is never needed: where no C compiler is found, Java answers.
 */
final class NativeFront {
  private static final String SOURCE = "front.c";

  private final Path home;

  /** Takes the toolchain's home. */
  NativeFront(Path home) {
    this.home = home;
  }

  /**
   * Builds it, unless it is there.
   *
   * @return whether it is there now
   * @throws IOException if a file cannot be written
   * @throws InterruptedException if the thread is interrupted while the compiler runs
   */
  boolean build() throws IOException, InterruptedException {
    Path front = home.resolve(Launcher.FRONT);
    if (Files.exists(front)) {
      return true;
    }
    Path work = Files.createTempDirectory("raya-front");
    try {
      Path source = work.resolve(SOURCE);
      try (InputStream in = NativeFront.class.getResourceAsStream(SOURCE)) {
        if (in == null) {
          throw new FileNotFoundException(SOURCE);
        }
        Files.copy(in, source);
      }
      Path program = work.resolve("front");
      if (!compile(source, program)) {
        return false;
      }
      Files.createDirectories(front.toAbsolutePath().getParent());
      Path fresh = front.resolveSibling("raya-pm.tmp");
      Files.copy(
          program, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      Files.move(fresh, front, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Directories.delete(work);
    }
  }

  /** No compiler is no fault. */
  private static boolean compile(Path source, Path program)
      throws IOException, InterruptedException {
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(
                  List.of("cc", "-std=c11", "-O2", "-o", program.toString(), source.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException notFound) {
      return false;
    }
    return compiler.waitFor() == 0;
  }
}

package dev.raya.toolchain.bundle;

import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The private Java runtime of a toolchain: an image that jlink cuts to the modules used, with a CDS
 * archive (without one, start-up doubles).
 */
public final class RuntimeImage {
  /** The JDK modules that the three programs use, and java.naming for keyless signing. */
  public static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "jdk.httpserver",
          "jdk.unsupported");

  private RuntimeImage() {}

  /**
   * Whether an image is there and has all modules: an older checkout's may have been linked before
   * one was needed.
   *
   * @throws IOException if what it says of itself cannot be read
   */
  public static boolean isCurrent(Path image) throws IOException {
    Path release = image.resolve("release");
    if (!Files.exists(release)) {
      return false;
    }
    for (String line : Files.readAllLines(release)) {
      if (line.startsWith("MODULES=\"")) {
        String list = line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'));
        return List.of(list.split(" ", -1)).containsAll(MODULES);
      }
    }
    return false;
  }

  /**
   * Links an image with the JDK's own jlink, for the platform of that JDK.
   *
   * @param jdk home of the JDK to link from
   * @param image folder to make; an older one is replaced
   * @throws IOException if a file cannot be written or jlink fails
   * @throws InterruptedException if the thread is interrupted while jlink runs
   */
  public static void link(Path jdk, Path image) throws IOException, InterruptedException {
    Directories.delete(image);
    Files.createDirectories(image.toAbsolutePath().getParent());
    List<String> command =
        List.of(
            jdk.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--output",
            image.toString(),
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--generate-cds-archive",
            "--vm",
            "server");
    Process jlink = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(jlink.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (jlink.waitFor() != 0) {
      throw new IOException("jlink of " + jdk + " failed:\n" + output);
    }
    // Legal notices come as links to one another; a toolchain holds no links.
    try (Stream<Path> files = Files.walk(image)) {
      for (Path file : files.filter(Files::isSymbolicLink).toList()) {
        Path target = file.toRealPath();
        Files.delete(file);
        Files.copy(target, file);
      }
    }
  }
}

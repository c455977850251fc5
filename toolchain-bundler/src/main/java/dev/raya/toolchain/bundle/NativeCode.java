package dev.raya.toolchain.bundle;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The little native code of a toolchain: what answers {@code raya-pm install} where there is
 * nothing to do without starting a Java machine, and the hash function. Like the start-up cache it
 * is made on the machine that uses it, is no part of an archive, and is never needed: where no C
 * compiler is found, Java does the work.
 */
enum NativeCode {
  /** The program that the launcher asks first (docs/decisions/0123). */
  FRONT(NativeCode.class, "front.c", Launcher.FRONT, List.of("-std=c11")),

  /** The library behind SHA-256 (docs/decisions/0410). */
  SHA256(
      Digest.class, "sha256.c", Launcher.SHA256_LIBRARY, List.of("-std=gnu11", "-shared", "-fPIC"));

  private final Class<?> beside;
  private final String source;
  private final String path;
  private final List<String> options;

  NativeCode(Class<?> beside, String source, String path, List<String> options) {
    this.beside = beside;
    this.source = source;
    this.path = path;
    this.options = options;
  }

  /**
   * Builds it, unless it is there.
   *
   * @param home of the toolchain
   * @return whether it is there now
   * @throws IOException if a file cannot be written
   * @throws InterruptedException if the thread is interrupted while the compiler runs
   */
  boolean build(Path home) throws IOException, InterruptedException {
    Path result = home.resolve(path);
    if (Files.exists(result)) {
      return true;
    }
    Path work = Files.createTempDirectory("raya-native");
    try {
      Path text = work.resolve(source);
      try (InputStream in = beside.getResourceAsStream(source)) {
        if (in == null) {
          throw new FileNotFoundException(source);
        }
        Files.copy(in, text);
      }
      Path built = work.resolve("built");
      if (!compile(text, built, this == FRONT ? maker(home) : List.of())) {
        return false;
      }
      Files.createDirectories(result.toAbsolutePath().getParent());
      Path fresh = result.resolveSibling(result.getFileName() + ".tmp");
      Files.copy(
          built, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
      Files.move(fresh, result, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } finally {
      Directories.delete(work);
    }
  }

  /**
   * What a closure record names as its maker where this toolchain wrote it (docs/decisions/0402).
   * Outside of a toolchain nothing is, and the front leaves such records to Java.
   */
  private static List<String> maker(Path home) throws IOException {
    Path file = home.resolve(ToolchainManifest.FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      ToolchainManifest manifest = ToolchainManifest.read(Files.readAllBytes(file));
      return List.of("-DMAKER=\"" + manifest.target().id() + ' ' + manifest.version() + '"');
    } catch (ToolchainException malformed) {
      throw new IOException(malformed);
    }
  }

  /** No compiler is no fault. */
  private boolean compile(Path text, Path built, List<String> definitions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("cc", "-O2"));
    command.addAll(options);
    command.addAll(definitions);
    command.addAll(List.of("-o", built.toString(), text.toString()));
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException notFound) {
      return false;
    }
    return compiler.waitFor() == 0;
  }
}

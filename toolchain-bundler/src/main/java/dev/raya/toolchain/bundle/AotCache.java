package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The ahead-of-time cache of a laid-out toolchain (JEP 483, 514, 515): trained on the machine that
 * uses it, into the toolchain's own folder, never part of an archive because two training runs
 * differ, and never needed: a toolchain without it, or with a stale one, only starts more slowly.
 */
public final class AotCache {
  /** The class that runs the training commands in one process. */
  private static final String TRAINING_MAIN = "dev.raya.cli.training.TrainingRun";

  private static final long TIMEOUT_SECONDS = 120;

  private final Path home;

  /** Takes the toolchain's home. */
  public AotCache(Path home) {
    this.home = home;
  }

  /** Whether a cache is there. */
  public boolean exists() {
    return Files.exists(home.resolve(Launcher.AOT_CACHE));
  }

  /**
   * Trains the cache, once: a second process waits for the first and finds it done.
   *
   * @param work a folder for the files of the training commands, which are left to the caller
   * @throws IOException if the training run fails or a file cannot be written; the toolchain then
   *     works as before
   * @throws InterruptedException if the thread is interrupted while the training runs
   */
  public void train(Path work) throws IOException, InterruptedException {
    Path cache = home.resolve(Launcher.AOT_CACHE);
    Files.createDirectories(cache.toAbsolutePath().getParent());
    Path lockFile = cache.resolveSibling("training.lock");
    try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
        FileLock lock = file.getChannel().lock()) {
      if (exists() || !lock.isValid()) {
        return;
      }
      Path fresh = cache.resolveSibling("raya.aot.tmp");
      try {
        run(command(fresh, work));
        Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } finally {
      Files.deleteIfExists(lockFile);
    }
  }

  private List<String> command(Path output, Path work) throws IOException {
    List<String> jars = new ArrayList<>();
    for (Path jar : FolderFiles.files(home.resolve("lib/modules"))) {
      jars.add(jar.toString());
    }
    List<String> command = new ArrayList<>();
    command.add(home.resolve("lib/runtime/bin/java").toString());
    command.addAll(Launcher.COMMON_OPTIONS);
    // Linked classes would all be loaded at every start, those of an install by `--version` too.
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:-AOTClassLinking");
    command.add("-XX:AOTCacheOutput=" + output);
    command.add("-D" + Launcher.HOME_PROPERTY + "=" + home);
    command.add("-DZstdNativePath=" + home.resolve(Launcher.ZSTD_LIBRARY));
    command.add("-D" + Launcher.SHA256_PROPERTY + "=" + home.resolve(Launcher.SHA256_LIBRARY));
    command.add("-cp");
    command.add(String.join(":", jars));
    command.add(TRAINING_MAIN);
    command.add(work.toString());
    return command;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("raya-training", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException("the training run took longer than " + TIMEOUT_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "the training run ended with "
                + process.exitValue()
                + ":\n"
                + Files.readString(log, StandardCharsets.UTF_8));
      }
    } finally {
      Files.deleteIfExists(log);
    }
  }
}

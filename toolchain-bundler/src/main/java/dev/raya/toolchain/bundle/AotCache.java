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
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The ahead-of-time caches of a laid-out toolchain (JEP 483, 514, 515): trained on the machine that
 * uses them, into the toolchain's own folder, never part of an archive because two training runs
 * differ, and never needed: a toolchain without them, or with stale ones, only starts more slowly.
 */
public final class AotCache {
  /** The class that runs the training commands in one process. */
  private static final String TRAINING_MAIN = "dev.raya.cli.training.TrainingRun";

  /**
   * A run takes some ten seconds of a processor. This is for one that hangs: on a machine that does
   * much else one takes minutes, and giving it up leaves a toolchain that starts slowly for good.
   */
  private static final long TIMEOUT_MINUTES = 30;

  /**
   * What a cache is for. One with linked classes spares the classes that the JVM makes at run time,
   * and loads all that it holds at every start: so there is one for each kind of command that is
   * frequent, and one without links for all others.
   */
  enum Kind {
    /** Every command of the three programs. */
    ALL(Launcher.AOT_CACHE, false),

    /** What {@code raya-pm} does to bring packages in. */
    INSTALL(Launcher.INSTALL_CACHE, true),

    /** An install with nothing to do, in the project that the run before has left. */
    IDLE(Launcher.IDLE_CACHE, true),

    /** Checks of files and projects. */
    CHECK(Launcher.CHECK_CACHE, true),

    /** Making bytecode, of files and projects. */
    COMPILE(Launcher.COMPILE_CACHE, true);

    private final String path;
    private final boolean linked;

    Kind(String path, boolean linked) {
      this.path = path;
      this.linked = linked;
    }

    /** What the training run is told. */
    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Path home;

  /** Takes the toolchain's home. */
  public AotCache(Path home) {
    this.home = home;
  }

  /** Whether all caches are there. */
  public boolean exists() {
    for (Kind kind : Kind.values()) {
      if (!Files.exists(home.resolve(kind.path))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Trains the caches, once: a second process waits for the first and finds them done.
   *
   * @param work a folder for the files of the training commands, which are left to the caller
   * @throws IOException if a training run fails or a file cannot be written; the toolchain then
   *     works as before
   * @throws InterruptedException if the thread is interrupted while the training runs
   */
  public void train(Path work) throws IOException, InterruptedException {
    Path lockFile = home.resolve(Launcher.AOT_CACHE).resolveSibling("training.lock");
    Files.createDirectories(lockFile.toAbsolutePath().getParent());
    try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
        FileLock lock = file.getChannel().lock()) {
      if (exists() || !lock.isValid()) {
        return;
      }
      for (Kind kind : Kind.values()) {
        Path cache = home.resolve(kind.path);
        Path fresh = cache.resolveSibling(cache.getFileName() + ".tmp");
        try {
          run(command(kind, fresh, work));
          Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(fresh);
        }
      }
    } finally {
      Files.deleteIfExists(lockFile);
    }
  }

  private List<String> command(Kind kind, Path output, Path work) throws IOException {
    List<String> jars = new ArrayList<>();
    for (Path jar : Launcher.jars(home)) {
      jars.add(jar.toString());
    }
    List<String> command = new ArrayList<>();
    command.add(home.resolve("lib/runtime/bin/java").toString());
    command.addAll(Launcher.COMMON_OPTIONS);
    // Said for both: on its own the JVM links.
    command.add(kind.linked ? "-XX:+AOTClassLinking" : "-XX:-AOTClassLinking");
    if (kind.linked) {
      // Compiling early what was hot here costs short commands more than it saves.
      command.add("-XX:+UnlockDiagnosticVMOptions");
      command.add("-XX:-AOTRecordTraining");
    }
    command.add("-XX:AOTCacheOutput=" + output);
    command.add("-D" + Launcher.HOME_PROPERTY + "=" + home);
    command.add("-DZstdNativePath=" + home.resolve(Launcher.ZSTD_LIBRARY));
    command.add("-D" + Launcher.SHA256_PROPERTY + "=" + home.resolve(Launcher.SHA256_LIBRARY));
    command.add("-cp");
    command.add(String.join(":", jars));
    command.add(TRAINING_MAIN);
    command.add(kind.word());
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
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly().waitFor();
        throw new IOException("the training run took longer than " + TIMEOUT_MINUTES + " minutes");
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

package dev.raya.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What other processes see: real ones, killed with SIGKILL. Each test has its own folder. */
@Execution(ExecutionMode.CONCURRENT)
final class PackageCacheProcessTest {
  private static final int KILLS = 32;
  private static final int MOST_REPORTS = 12;

  @TempDir Path folder;

  private Process start(Path home, int first, int count) throws IOException {
    return start(List.of(), home, first, count);
  }

  private Process start(List<String> through, Path home, int first, int count) throws IOException {
    List<String> command = new ArrayList<>(through);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            // A killed process leaves the unpacked codec behind.
            "-DZstdTempFolder=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            PutInLoop.class.getName(),
            home.toString(),
            String.valueOf(first),
            String.valueOf(count)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void awaitReady(Process process) throws IOException {
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
  }

  private static void awaitReports(Process process, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(process.inputReader().readLine()).matches("(entry|proof) [0-9]+");
    }
  }

  private static void go(Process process) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write('\n');
    in.flush();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void entriesHaveTheirModesWhateverTheProcessMasks() throws Exception {
    RayaHome home = new RayaHome(folder.resolve("home")).prepare();
    List<String> masked = List.of("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\"");
    Process process = start(masked, home.root(), 1, 1);
    awaitReady(process);
    go(process);
    awaitReports(process, 2);
    assertThat(process.waitFor()).isZero();
    Path entry = children(home.cache()).getFirst();
    List<String> modes = new ArrayList<>();
    try (Stream<Path> all = Files.walk(entry)) {
      for (Path each : all.filter(path -> !path.equals(entry)).sorted().toList()) {
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
        modes.add(entry.relativize(each) + " " + mode);
      }
    }
    assertThat(modes)
        .containsExactly(
            "entry.json r--r--r--",
            "files rwxr-xr-x",
            "files/a rwxr-xr-x",
            "files/a/b r--r--r--",
            "files/c r--r--r--",
            "metadata.json r--r--r--",
            "module.rbin r--r--r--",
            "module.rdef r--r--r--",
            "proof.json rw-------");
  }

  @Test
  void aKillAtAnyInstantLeavesWholeEntriesOrNothing() throws Exception {
    kill(KILLS);
  }

  @Test
  @Tag("long")
  void twoHundredKillsAtAnyInstantLeaveWholeEntriesOrNothing() throws Exception {
    kill(200);
  }

  private void kill(int kills) throws Exception {
    Path root = folder.resolve("home");
    RayaHome home = new RayaHome(root).prepare();
    PackageCache cache = new PackageCache(home);
    Random random = new Random(20260108);
    int midway = 0;
    for (int kill = 0; kill < kills; kill++) {
      Process process = start(root, kill * 50, 10_000);
      try {
        awaitReady(process);
        go(process);
        awaitReports(process, 1 + random.nextInt(MOST_REPORTS));
        // The report is read while its step runs; a step takes some milliseconds.
        assertThat(process.waitFor(random.nextInt(8_000), TimeUnit.MICROSECONDS)).isFalse();
      } finally {
        process.destroyForcibly().waitFor();
      }
      for (Path child : children(home.cache())) {
        Digest checksum = new Digest(String.valueOf(child.getFileName()));
        CacheEntry entry = cache.get(checksum).orElseThrow();
        cache.verify(entry);
        assertThat(cache.proof(entry).map(proof -> proof.length).orElse(5000)).isEqualTo(5000);
      }
      midway += children(home.tmp()).isEmpty() ? 0 : 1;
    }
    assertThat(midway).as("kills that struck while an entry was made").isPositive();
    assertThat(children(home.cache())).as("entries that were finished").isNotEmpty();

    Instant later = Instant.now().plus(Duration.ofDays(2));
    assertThat(cache.sweep(() -> later, Duration.ofDays(1))).isPositive();
    assertThat(children(home.tmp())).isEmpty();
    for (int kill = 0; kill < kills; kill++) {
      cache.verify(Sample.of(kill * 50).putInto(cache));
    }
  }

  @Test
  void sixteenProcessesPutTheSameEntriesAtOnce() throws Exception {
    Path root = folder.resolve("home");
    RayaHome home = new RayaHome(root).prepare();
    List<Process> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 16; i++) {
        processes.add(start(root, 0, 20));
      }
      for (Process process : processes) {
        awaitReady(process);
      }
      for (Process process : processes) {
        go(process);
      }
      for (Process process : processes) {
        assertThat(process.waitFor()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    PackageCache cache = new PackageCache(home);
    assertThat(cache.list()).hasSize(20);
    assertThat(cache.verifyAll()).isEmpty();
    assertThat(children(home.tmp())).isEmpty();
  }
}

package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.console.ExitCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac test --watch}: what it says is waited for, no time. */
class TestWatchTest {
  private static final long GIVE_UP_SECONDS = 120;
  private static final int FLEETING_FOLDERS = 2_000;
  private static final String PASSES =
      "import { it, assert } from \"raya:test\";\nit(\"NAME\", () => { assert(true); });\n";

  @TempDir Path folder;

  /** What the program says, with a permit for each time that it begins to wait. */
  private static final class Said extends ByteArrayOutputStream {
    private final Semaphore waiting = new Semaphore(0);
    private int told;

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
      super.write(bytes, offset, length);
      int times = toString(StandardCharsets.UTF_8).split("waiting for changes", -1).length - 1;
      waiting.release(times - told);
      told = times;
    }

    /** One write may be seen as two changes, so the tests may run once more than expected. */
    private void awaitRun(ByteArrayOutputStream out, String expected) throws InterruptedException {
      do {
        assertThat(waiting.tryAcquire(GIVE_UP_SECONDS, TimeUnit.SECONDS))
            .as("said: %s, printed: %s", this, out)
            .isTrue();
      } while (!out.toString(StandardCharsets.UTF_8).contains(expected));
    }
  }

  @Test
  void testsRunAgainWhenASourceChangesOrComesInANewFolder() throws Exception {
    new Tool(folder).project().file("src/a.test.raya", PASSES.replace("NAME", "first"));
    Said err = new Said();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FutureTask<Integer> run = new FutureTask<>(() -> watch(out, err));
    Thread thread = new Thread(run, "rayac test --watch");
    thread.start();
    err.awaitRun(out, "1 passed");

    Files.writeString(
        folder.resolve("src/a.test.raya"),
        PASSES.replace("NAME", "first") + "it(\"second\", () => {});\n");
    err.awaitRun(out, "2 passed");

    Path made = Files.createDirectory(folder.resolve(".made"));
    Files.writeString(made.resolve("b.test.raya"), PASSES.replace("NAME", "third"));
    Files.move(made, folder.resolve("more"));
    err.awaitRun(out, "in 2 files");

    thread.interrupt();
    assertThat(run.get(GIVE_UP_SECONDS, TimeUnit.SECONDS)).isEqualTo(ExitCode.INTERRUPTED);
  }

  /** Build tools make and remove folders all the time; the watch walks over them meanwhile. */
  @Test
  void foldersThatComeAndGoDoNotEndTheWatch() throws Exception {
    new Tool(folder).project().file("src/a.test.raya", PASSES.replace("NAME", "first"));
    Said err = new Said();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FutureTask<Integer> run = new FutureTask<>(() -> watch(out, err));
    Thread thread = new Thread(run, "rayac test --watch");
    thread.start();
    err.awaitRun(out, "1 passed");

    for (int round = 0; round < FLEETING_FOLDERS && !run.isDone(); round++) {
      Path outer = Files.createDirectory(folder.resolve("src/work" + round));
      Path inner = Files.createDirectory(outer.resolve("inner"));
      Files.delete(inner);
      Files.delete(outer);
    }
    Files.writeString(
        folder.resolve("src/a.test.raya"),
        PASSES.replace("NAME", "first") + "it(\"second\", () => {});\n");
    err.awaitRun(out, "2 passed");

    thread.interrupt();
    assertThat(run.get(GIVE_UP_SECONDS, TimeUnit.SECONDS)).isEqualTo(ExitCode.INTERRUPTED);
  }

  private int watch(ByteArrayOutputStream out, Said err) {
    return new Tool(folder).run("", out, err, "test", "--watch");
  }
}

package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Power cuts: the registry during a publish and a promotion, the client during an install. */
@ExtendWith(Suite.Extension.class)
final class CrashJourneyTest {
  private static final int REGISTRY_KILLS = 3;
  private static final int CLIENT_KILLS = 12;

  @Test
  void whatTheRegistryAcknowledgedSurvivesSigkillAndNothingIsHalfThere() throws Exception {
    Path work = Suite.workFolder();
    Path data = work.resolve("data");
    Path log = work.resolve("registry.log");
    Random random = new Random(20260102);
    RegistryProcess registry = Suite.startRegistry(data, log);
    try {
      String token = Suite.token(data, work, "publisher");
      List<String> acknowledged = new ArrayList<>();
      for (int round = 0; round <= REGISTRY_KILLS; round++) {
        Programs publisher =
            Programs.of(Suite.BIN, work.resolve("publisher"))
                .with("RAYA_REGISTRY", registry.url())
                .with("RAYA_TOKEN", token);
        String name = "crash" + round;
        Path library = library(work, name);
        boolean promotes = round == REGISTRY_KILLS;
        if (promotes) {
          Programs.Outcome staged = publisher.run(library, "raya-pm", "publish", "--stage");
          assertThat(staged.exit()).as(staged.err()).isZero();
        }
        Process publish =
            publisher.start(
                library,
                ProcessBuilder.Redirect.DISCARD,
                ProcessBuilder.Redirect.DISCARD,
                "raya-pm",
                promotes ? new String[] {"promote", name + "@1.0.0"} : new String[] {"publish"});
        // The first round lets it finish; the others cut somewhere in the second that a publish
        // takes.
        boolean ended =
            publish.waitFor(round == 0 ? 60_000 : 600 + random.nextInt(900), TimeUnit.MILLISECONDS);
        int port = registry.port();
        registry.kill();
        if (!ended) {
          publish.destroyForcibly().waitFor();
        } else if (publish.exitValue() == 0) {
          acknowledged.add(name);
        }
        registry =
            RegistryProcess.start(Suite.REGISTRY_BIN.resolve("raya-registry"), data, port, log);
      }
      assertThat(acknowledged).contains("crash0");
      Programs admin = Programs.of(Suite.REGISTRY_BIN, work.resolve("admin"));
      Programs.Outcome verify =
          admin.run(work, "raya-registry", "verify", "--data-dir", data.toString());
      assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
      // What was cut off is whole or was not begun; the same command ends it either way.
      String promoted = "crash" + REGISTRY_KILLS;
      Programs.Outcome again =
          Programs.of(Suite.BIN, work.resolve("publisher"))
              .with("RAYA_REGISTRY", registry.url())
              .with("RAYA_TOKEN", token)
              .run(work, "raya-pm", "promote", promoted + "@1.0.0");
      assertThat(again.exit()).as(again.err()).isZero();
      if (!acknowledged.contains(promoted)) {
        acknowledged.add(promoted);
      }
      for (String name : acknowledged) {
        Path app = application(work, name);
        Programs.Outcome install =
            Programs.of(Suite.BIN, work.resolve("home-" + name))
                .with("RAYA_REGISTRY", registry.url())
                .run(app, "raya-pm", "install");
        assertThat(install.exit()).as(install.err()).isZero();
      }
    } finally {
      registry.close();
      Trees.remove(work);
    }
  }

  @Test
  void anInstallKilledAtAnyPointLeavesNothingHalfThere(Suite suite) throws Exception {
    Random random = new Random(20260103);
    Path folder = suite.newFolder();
    Path home = folder.resolve("home");
    Programs user = Programs.of(Suite.BIN, home).with("RAYA_REGISTRY", suite.url());
    for (int round = 0; round < CLIENT_KILLS; round++) {
      Path app = application(folder, "report");
      Process install =
          user.start(
              app,
              ProcessBuilder.Redirect.DISCARD,
              ProcessBuilder.Redirect.DISCARD,
              "raya-pm",
              "install");
      install.waitFor(50 + random.nextInt(700), TimeUnit.MILLISECONDS);
      install.destroyForcibly().waitFor();
      Programs.Outcome verify = user.run(app, "raya-pm", "cache", "verify");
      assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
      if (Files.exists(app.resolve("raya.lock"))) {
        Programs.Outcome frozen = user.run(app, "raya-pm", "install", "--frozen");
        assertThat(frozen.exit()).as(frozen.err()).isZero();
      }
      if (round % 3 == 2) {
        Trees.remove(home);
      }
    }
    Path app = application(folder, "report");
    Programs.Outcome install = user.run(app, "raya-pm", "install");
    assertThat(install.exit()).as(install.err()).isZero();
    try (Stream<Path> entries = Files.list(home.resolve("cache"))) {
      assertThat(entries).hasSize(2);
    }
  }

  private static Path library(Path work, String name) throws IOException {
    Path library = Files.createTempDirectory(work, "library-");
    Files.createDirectories(library.resolve("src"));
    Files.writeString(
        library.resolve("raya.toml"),
        "[package]\nname = \"" + name + "\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n");
    Files.writeString(
        library.resolve("src/main.raya"), "export function one(): int {\n  return 1;\n}\n");
    return library;
  }

  private static Path application(Path work, String dependency) throws IOException {
    Path app = Files.createTempDirectory(work, "app-");
    Files.createDirectories(app.resolve("src"));
    Files.writeString(
        app.resolve("raya.toml"),
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n[dependencies]\n"
            + dependency
            + " = \"^1\"\n");
    Files.writeString(app.resolve("src/main.raya"), "function main(): void {}\n");
    return app;
  }
}

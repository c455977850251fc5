package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A release that is staged, tried by CI, promoted, and then everybody's. */
@ExtendWith(Suite.Extension.class)
final class StagedJourneyTest {
  private static final String MAIN =
      """
      import { greet } from "staged-greeter";
      function main(): void {
        console.log(greet());
      }
      """;

  private static String manifest(String name, String version) {
    return "[package]\nname = \""
        + name
        + "\"\nversion = \""
        + version
        + "\"\nlicense = \"MIT\"\nmain = \"src/main.raya\"\n";
  }

  private static String greeter(String text) {
    return "export function greet(): string {\n  return \"" + text + "\";\n}\n";
  }

  private static String out(Programs user, Path folder, String... words) throws Exception {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.exit()).as(String.join(" ", words) + outcome.err()).isZero();
    return outcome.out();
  }

  private static Path application(Suite suite) throws Exception {
    return suite.project(
        manifest("app", "0.1.0") + "\n[dependencies]\nstaged-greeter = \"^1\"\n", MAIN);
  }

  @Test
  void ciTriesAStagedReleaseAndEverybodyGetsItOncePromoted(Suite suite) throws Exception {
    Path library = suite.project(manifest("staged-greeter", "1.0.0"), greeter("hello"));
    Programs owner = suite.newPublisher("stager");
    out(owner, library, "publish");
    Files.writeString(library.resolve("raya.toml"), manifest("staged-greeter", "1.1.0"));
    Files.writeString(library.resolve("src/main.raya"), greeter("hello, staged"));
    String id =
        out(owner, library, "publish", "--stage")
            .replaceFirst("(?s)staged staged-greeter 1\\.1\\.0 as ([0-9a-f]{40}), .*", "$1");
    assertThat(out(owner, library, "stage", "list")).contains(id, "staged-greeter@1.1.0", "stager");

    Path app = application(suite);
    Programs ci =
        suite
            .newUser()
            .with("RAYA_TOKEN", out(owner, library, "token", "create", "--scope", "read").strip());
    out(ci, app, "install", "--stage", id);
    assertThat(Files.readString(app.resolve("raya.lock"))).contains("stage = \"" + id + '"');
    assertThat(out(ci, app, "run", "--offline")).isEqualTo("hello, staged\n");
    assertThat(out(ci, app, "verify", "--explain")).contains(id);

    Path other = application(suite);
    Files.copy(app.resolve("raya.lock"), other.resolve("raya.lock"));
    Programs stranger = suite.newUser();
    Programs.Outcome refused = stranger.run(other, "raya-pm", "install", "--frozen");
    assertThat(refused.err()).contains("RAYA-SEC-005", "raya-pm install --stage " + id);
    assertThat(refused.exit()).isEqualTo(3);
    Programs.Outcome unread = stranger.run(other, "raya-pm", "install", "--stage", id);
    assertThat(unread.err()).contains("RAYA-REG-002");
    assertThat(unread.exit()).isEqualTo(5);
    Files.delete(other.resolve("raya.lock"));
    out(stranger, other, "install");
    assertThat(out(stranger, other, "run")).isEqualTo("hello\n");
    Programs.Outcome again = owner.run(library, "raya-pm", "publish");
    assertThat(again.err()).contains("RAYA-REG-005", "raya-pm promote staged-greeter@1.1.0");

    assertThat(out(owner, library, "promote", "staged-greeter@1.1.0"))
        .startsWith("published staged-greeter 1.1.0 (log ");

    out(ci, app, "install");
    assertThat(Files.readString(app.resolve("raya.lock")))
        .contains("version = \"1.1.0\"", "log = {")
        .doesNotContain("stage =");
    out(ci, app, "install", "--frozen", "--offline");
    assertThat(out(ci, app, "run", "--offline")).isEqualTo("hello, staged\n");
    out(stranger, other, "update");
    assertThat(out(stranger, other, "run")).isEqualTo("hello, staged\n");
  }
}

package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that talk to the registry, against the real one. */
@ExtendWith(Suite.Extension.class)
final class RegistryJourneyTest {
  private static final String SOURCE = "export function one(): int {\n  return 1;\n}\n";

  private static String manifest(String name, String version) {
    return "[package]\nname = \""
        + name
        + "\"\nversion = \""
        + version
        + "\"\nlicense = \"MIT\"\ndescription = \"Counts to one\"\nmain = \"src/main.raya\"\n";
  }

  private static String out(Programs user, Path folder, String... words) throws Exception {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.exit()).as(String.join(" ", words) + outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void anOwnerYanksAPublishedVersionAndNewResolutionsLeaveItOut(Suite suite) throws Exception {
    Path library = suite.project(manifest("yankable", "1.0.0"), SOURCE);
    Programs owner = suite.newPublisher("yanker");
    out(owner, library, "publish");
    Files.writeString(library.resolve("raya.toml"), manifest("yankable", "1.1.0"));
    out(owner, library, "publish", "--tag", "stable");
    out(
        owner,
        library,
        "yank",
        "yankable@1.1.0",
        "--reason",
        "broken",
        "--use",
        "1.0.0",
        "--message",
        "counts to two");

    String info = out(suite.newUser(), library, "info", "yankable@1.1.0");
    assertThat(info)
        .contains("YANKED (broken): counts to two; use 1.0.0", "latest 1.0.0", "stable = 1.1.0");
    Path app = suite.project(manifest("app", "0.1.0") + "\n[dependencies]\n", SOURCE);
    out(suite.newUser(), app, "add", "yankable");
    assertThat(Files.readString(app.resolve("raya.lock"))).contains("version = \"1.0.0\"");

    Programs stranger = suite.newPublisher("yank-stranger");
    Programs.Outcome refused = stranger.run(library, "raya-pm", "unyank", "yankable@1.1.0");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("RAYA-REG-003", "raya-pm owner list yankable");
    out(owner, library, "owner", "add", "yankable", "yank-stranger");
    assertThat(out(stranger, library, "unyank", "yankable@1.1.0")).contains("is not yanked");
    assertThat(out(suite.newUser(), library, "view", "yankable", "latest")).isEqualTo("1.1.0\n");
    Programs.Outcome near = suite.newUser().run(library, "raya-pm", "info", "yankabel");
    assertThat(near.exit()).isEqualTo(1);
    assertThat(near.err()).contains("RAYA-REG-004", "did you mean yankable?");
    assertThat(out(suite.newUser(), library, "search", "yankable")).contains("Counts to one");
  }

  @Test
  void aDryRunOfANewcomerChangesNothingAnywhere(Suite suite) throws Exception {
    Path library = suite.project(manifest("rehearsed", "1.0.0"), SOURCE);
    Programs newcomer = suite.newPublisher("newcomer");
    assertThat(out(newcomer, library, "publish", "--dry-run")).contains("would be accepted");
    assertThat(out(newcomer, library, "key", "list")).isEmpty();
    assertThat(out(newcomer, library, "key", "list", "--registered")).isEmpty();
    Programs.Outcome unknown = newcomer.run(library, "raya-pm", "info", "rehearsed");
    assertThat(unknown.err()).contains("RAYA-REG-004");
  }

  @Test
  void aNarrowTokenDoesWhatItIsForAndNothingElse(Suite suite) throws Exception {
    Path library = suite.project(manifest("narrowly", "1.0.0"), SOURCE);
    Programs owner = suite.newPublisher("narrow-owner");
    out(owner, library, "publish");
    String token = out(owner, library, "token", "create", "--scope", "yank", "--days", "1").strip();
    Programs narrow = suite.newUser().with("RAYA_TOKEN", token);
    assertThat(out(narrow, library, "whoami")).isEqualTo("narrow-owner\n");
    out(narrow, library, "deprecate", "narrowly", "--message", "moved");
    assertThat(narrow.run(library, "raya-pm", "tag", "set", "narrowly@1.0.0", "old").exit())
        .isEqualTo(5);
    out(narrow, library, "token", "revoke", "current");
    assertThat(narrow.run(library, "raya-pm", "whoami").exit()).isEqualTo(5);
  }
}

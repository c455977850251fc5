package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.SignedNote;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A round of cosigning goes on from the one before, and never over a second history. */
final class WitnessCommandTest {
  private static final String NAME = "ci.example/witness";

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String home) {
    return Pm.in(folder)
        .at(registry)
        .with("RAYA_HOME", folder.resolve(home).toString())
        .project("# none");
  }

  private static Pm.Outcome round(Pm pm, String... more) {
    String[] words = {"witness", "--name", NAME, "--state", "../state"};
    String[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return pm.run(all);
  }

  @Test
  void eachRoundCosignsWhatGrewOutOfTheOneBefore() throws Exception {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm("home");
    assertThat(round(pm).err()).contains("error[RAYA-SEC-022]");
    pm.run("key", "generate");
    NoteKey verifier =
        NoteKey.of(
            NAME,
            new KeyDirectory(pm.home().resolve("keys")).list().getFirst(),
            NoteKey.Type.ED25519_COSIGNATURE);
    Pm.Outcome first = round(pm);
    assertThat(first.exit()).as(first.err()).isZero();
    SignedNote note = SignedNote.parse(first.out().getBytes(StandardCharsets.UTF_8));
    assertThat(note.signers(List.of(verifier))).containsExactly(verifier);
    assertThat(first.err()).contains("verifier key: " + verifier.text());

    registry.publish(TestPackage.of("fmt", "1.1.0"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm.Outcome second = round(pm, "--output", "json");
    assertThat(second.out()).as(second.err()).contains("\"before\":2", "\"size\":5");
    // Nothing new is cosigned once more, with a newer time.
    assertThat(round(pm, "--out", "../cosigned").out())
        .isEqualTo("cosigned size 5 into ../cosigned\n");
    assertThat(Files.readString(folder.resolve("cosigned"))).contains("\u2014 " + NAME + " ");
  }

  @Test
  void aSecondHistoryIsNotCosignedEvenByAHomeThatKnowsNothing() throws Exception {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm("home");
    String id = pm.run("key", "generate").out().strip();
    String key = pm.home().resolve("keys/" + id + ".json").toString();
    assertThat(round(pm).exit()).isZero();
    registry.replaceLeaf(
        0,
        new String(registry.leaf(0), StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    for (Pm each : List.of(pm, pm("fresh").with("RAYA_KEY", key))) {
      Pm.Outcome same = round(each);
      assertThat(same.err()).contains("error[RAYA-SEC-006]");
      assertThat(same.exit()).isEqualTo(3);
      assertThat(same.out()).isEmpty();
    }
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    Pm.Outcome grown = round(pm("other").with("RAYA_KEY", key));
    assertThat(grown.err()).contains("error[RAYA-SEC-006]", "is not cosigned");
    // The honest twin: with no state to go on from, this is the first history that is seen.
    Pm.Outcome twin = pm("twin").with("RAYA_KEY", key).run("witness", "--name", NAME);
    assertThat(twin.exit()).as(twin.err()).isZero();
  }

  @Test
  void aRoundNeedsANameAndANetwork() {
    assertThat(pm("home").run("witness").exit()).isEqualTo(2);
    assertThat(pm("home").run("witness", "--name", "a b").exit()).isEqualTo(2);
    assertThat(pm("home").run("witness", "--name", NAME, "--offline").exit()).isEqualTo(4);
  }
}

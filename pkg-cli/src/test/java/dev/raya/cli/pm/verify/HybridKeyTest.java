package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.MlDsaSigningKey;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hybrid key published is taken with both signatures, and with no less. */
final class HybridKeyTest {
  private static final long ACCOUNT = 17;

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private final PublisherKey key = PublisherKey.generateHybrid(new SecureRandom());
  private final Identity hybrid = key.publicHalf().identity(ACCOUNT);
  private final Identity half = new Identity.Key(ACCOUNT, key.publicHalf().ed25519());

  @AfterEach
  void stop() {
    registry.close();
  }

  private static List<byte[]> bundles(PublishStatement statement, PublisherKey signer) {
    return PublishBundle.sign(statement, signer).stream().map(PublishBundle::bytes).toList();
  }

  private Pm.Outcome install(
      Identity signer, Identity allowed, Function<PublishStatement, List<byte[]>> bundles) {
    registry.publish(TestPackage.of("fmt", "1.3.0"), signer, allowed, bundles);
    return Pm.in(folder).at(registry).project("fmt = \"^1.3\"").run("install");
  }

  private static void refused(Pm.Outcome outcome, String code, String why) {
    assertThat(outcome.err()).contains("error[" + code + "]", why);
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(3);
  }

  @Test
  void bothSignaturesInstallAndVerifyWithoutTheRegistry() {
    Pm.Outcome outcome = install(hybrid, hybrid, statement -> bundles(statement, key));
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    registry.close();
    Pm pm = Pm.in(folder).at(registry);
    assertThat(pm.run("verify", "--offline").out()).startsWith("1 package verified");
    assertThat(pm.run("verify", "--offline", "--explain").out())
        .contains("signed by the hybrid key " + key.keyId().hex());
    assertThat(pm.run("verify", "--offline", "--output", "json").out()).contains("\"mlDsa65\":");
  }

  @Test
  void theEd25519SignatureAloneIsRefused() {
    refused(
        install(hybrid, hybrid, statement -> bundles(statement, key).subList(0, 1)),
        "RAYA-SEC-007",
        "with the ML-DSA-65 signature, is missing");
  }

  @Test
  void anotherMlDsaKeyIsRefused() {
    PublisherKey other =
        new PublisherKey(key.ed25519(), MlDsaSigningKey.generate(new SecureRandom()));
    refused(
        install(hybrid, hybrid, statement -> bundles(statement, other)),
        "RAYA-SEC-007",
        "in the second bundle");
  }

  @Test
  void aRecordThatLeavesTheSecondHalfOutIsNotOfThePublisherThatTheIndexNames() {
    refused(
        install(half, hybrid, statement -> bundles(statement, key).subList(0, 1)),
        "RAYA-SEC-008",
        "may not publish");
  }

  @Test
  void oneChangedByteOfTheHeldSecondBundleIsFound() throws Exception {
    assertThat(install(hybrid, hybrid, statement -> bundles(statement, key)).exit()).isZero();
    Pm pm = Pm.in(folder).at(registry);
    Path proof;
    try (var files = Files.walk(pm.home().resolve("cache"))) {
      proof = files.filter(f -> f.endsWith("proof.json")).findFirst().orElseThrow();
    }
    assertThat(proof.toFile().setWritable(true)).isTrue();
    String text = Files.readString(proof);
    int second = text.lastIndexOf("\\\"sig\\\":\\\"");
    char[] changed = text.toCharArray();
    changed[second + 100] = changed[second + 100] == 'A' ? 'B' : 'A';
    Files.writeString(proof, new String(changed));
    refused(pm.run("verify", "--offline"), "RAYA-SEC-007", "attestation 2");
  }

  @Test
  void aHybridKeyIsMadeRegisteredAndSignsTwice() throws Exception {
    Pm pm =
        Pm.in(folder)
            .using(TestToolchain.in(folder.resolve("toolchain")))
            .at(registry)
            .with("RAYA_TOKEN", "raya_test")
            .with("RAYA_KEY_PASSPHRASE", "open sesame")
            .project("# none");
    String id = pm.run("key", "generate", "--hybrid").out().strip();
    assertThat(pm.run("key", "list").out()).isEqualTo(id + "  hybrid\n");
    assertThat(pm.run("key", "list", "--output", "json").out())
        .containsPattern("\"mlDsa65\":\"[0-9a-f]{64}\"");
    assertThat(pm.run("key", "register").out()).isEqualTo("registered " + id + "\n");
    Pm.Outcome published = pm.run("publish");
    assertThat(published.out()).as(published.err()).startsWith("published app 0.1.0");
    // publish part, archive, and a bundle for each half.
    assertThat(registry.uploads().getFirst()).hasSize(4);
    assertThat(pm.with("RAYA_KEY_PASSPHRASE", "wrong").run("publish").err())
        .contains("error[RAYA-SEC-022]", "is wrong");
  }
}

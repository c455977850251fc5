package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestRun;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is installed verifies again without a network, and one changed byte of it does not. */
final class VerifyTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm installed() {
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("logging = \"^1.2\"");
    assertThat(pm.run("install").exit()).isZero();
    return pm;
  }

  private static void refused(Pm.Outcome outcome, String code) {
    assertThat(outcome.err()).contains("error[" + code + "]");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(3);
  }

  private static List<Path> files(Path below, String name) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(file -> file.getFileName().toString().equals(name)).sorted().toList();
    }
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void whatIsInstalledVerifiesWithAndWithoutTheRegistry() {
    Pm pm = installed();
    assertThat(pm.run("verify"))
        .isEqualTo(
            new Pm.Outcome(
                0, "2 packages verified: files, log, publisher; nothing is missing\n", ""));
    registry.close();
    assertThat(pm.run("verify", "--offline").out()).startsWith("2 packages verified");
    assertThat(pm.run("verify", "fmt", "--offline").out()).startsWith("1 package verified");
    assertThat(pm.run("verify", "nosuch", "--offline").exit()).isEqualTo(2);
  }

  @Test
  void chainLeadsFromTheFilesToTheRootOfTheRegistry() {
    Pm pm = installed();
    String text = pm.run("verify", "--explain", "--offline").out();
    assertThat(text)
        .contains(
            "fmt@1.3.0\n",
            "  files       hash to tree sha256:",
            "  statement   signed by the key " + registry.key().verificationKey().keyId().hex(),
            "  publisher   may publish fmt: its index, signed by the registry, says so",
            "  record      1 of the registry's log says all of this, since 2026-01-06T12:00:00Z",
            "cosigned by local",
            "  root        " + registry.fingerprint());
    assertThat(pm.run("verify", "--offline", "--output", "json").out())
        .contains(
            "\"command\":\"verify\"",
            "\"cosigners\":[\"local\"]",
            "\"publisherNamed\":true",
            "\"rootVersion\":1",
            "\"expired\":[]",
            "\"level\":\"normal\"");
  }

  @Test
  void oneChangedByteOfAnyHeldFileIsFound() throws IOException {
    Pm pm = installed();
    for (Path module : files(pm.home().resolve("cache"), "module.rbin")) {
      byte[] whole = Files.readAllBytes(module);
      assertThat(module.toFile().setWritable(true)).isTrue();
      byte[] changed = whole.clone();
      changed[whole.length / 2] ^= 1;
      Files.write(module, changed);
      refused(pm.run("verify", "--offline"), "RAYA-PKG-015");
      assertThat(pm.run("install", "--verify").exit()).isZero();
    }
    assertThat(pm.run("verify", "--offline").exit()).isZero();
  }

  private static Path entry(Pm pm, String name) throws IOException {
    for (Path described : files(pm.home().resolve("cache"), "metadata.json")) {
      if (Files.readString(described).contains("\"name\":\"" + name + '"')) {
        return described.resolveSibling(".").normalize();
      }
    }
    throw new AssertionError("no entry of " + name);
  }

  private static void damage(Path entry) throws IOException {
    Path module = entry.resolve("module.rbin");
    assertThat(module.toFile().setWritable(true)).isTrue();
    Files.write(module, new byte[] {1});
  }

  @Test
  void everyDamagedEntryIsMovedOutAndToldInTheLockfilesOrder() throws IOException {
    String[] dependencies = new String[12];
    for (int i = 0; i < dependencies.length; i++) {
      String name = "p" + (char) ('a' + i);
      registry.publish(TestPackage.of(name, "1.0.0"));
      dependencies[i] = name + " = \"^1.0\"";
    }
    Pm pm = Pm.in(folder).at(registry).project(dependencies);
    assertThat(pm.run("install").exit()).isZero();
    Path damaged = pm.home().resolve("tmp/damaged");
    List<Path> entries = List.of(entry(pm, "pc"), entry(pm, "pg"), entry(pm, "pl"));
    List<String> names = entries.stream().map(each -> each.getFileName().toString()).toList();
    Path proof = entry(pm, "pe").resolve("proof.json");
    byte[] proved = Files.readAllBytes(proof);
    for (Path each : entries) {
      damage(each);
    }
    Files.delete(proof);
    Pm.Outcome verified = pm.run("verify", "--offline");
    refused(verified, "RAYA-PKG-015");
    assertThat(verified.err())
        .containsSubsequence(
            "cache entry sha256:" + names.get(0),
            "RAYA-SEC-013",
            "cache entry sha256:" + names.get(1),
            "cache entry sha256:" + names.get(2));
    assertThat(files(damaged, "module.rbin")).hasSize(3);
    Files.write(proof, proved);
    assertThat(pm.run("install").out()).contains("3 fetched");
    for (Path each : entries) {
      damage(each);
    }
    Files.delete(proof);
    Pm.Outcome installed = pm.run("--offline", "install", "--verify");
    refused(installed, "RAYA-SEC-013");
    assertThat(installed.err())
        .containsSubsequence(
            "warning[RAYA-PKG-015]: cache entry sha256:" + names.get(0),
            "warning[RAYA-PKG-015]: cache entry sha256:" + names.get(1),
            "warning[RAYA-PKG-015]: cache entry sha256:" + names.get(2),
            "error[RAYA-SEC-013]");
    assertThat(files(damaged, "module.rbin")).hasSize(6);
  }

  @Test
  void heldIndexDocumentIsTheOneThatHeldMetadataNames() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    Pm pm = Pm.in(folder).at(registry).project("fmt = \"^1.3\"");
    assertThat(pm.run("install").exit()).isZero();
    Path document = files(pm.home().resolve("registry"), "fmt").getFirst();
    String kept = Files.readString(document);
    String honest = kept.substring(0, kept.lastIndexOf("sha256:"));
    // A publisher more, and a version that was never there.
    String line = honest.lines().reduce((first, second) -> second).orElseThrow();
    for (String changed :
        List.of(
            honest.replace("\"account\":17", "\"account\":71"),
            honest + line.replace("1.3.0", "1.3.9") + "\n")) {
      assertThat(changed).isNotEqualTo(honest);
      // By somebody who knows how documents are kept.
      byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
      Files.writeString(document, changed + Digest.of(bytes) + "\n");
      Pm.Outcome verified = pm.run("verify", "--offline");
      refused(verified, "RAYA-SEC-013");
      assertThat(verified.err())
          .contains("is not the one that signed metadata names", "remove " + document);
      assertThat(pm.run("--offline", "info", "fmt").exit()).isEqualTo(3);
      Files.writeString(document, kept);
      assertThat(pm.run("verify", "--offline").exit()).isZero();
    }
    Files.delete(document);
    assertThat(pm.run("install", "--verify").exit()).isZero();
    assertThat(pm.run("verify", "--offline").exit()).isZero();
    // Metadata that another package brought names a later state, which nobody asked for here.
    Files.writeString(document, kept);
    registry.publish(TestPackage.of("fmt", "1.4.0"));
    registry.publish(TestPackage.of("other", "1.0.0"));
    Pm second =
        Pm.in(folder.resolve("second"))
            .with("RAYA_HOME", pm.home().toString())
            .at(registry)
            .project("other = \"^1.0\"");
    assertThat(second.run("install").exit()).isZero();
    assertThat(pm.run("verify", "--offline").exit()).isZero();
  }

  @Test
  void changedProofsAreFound() throws IOException {
    Pm pm = installed();
    Path proof = files(pm.home().resolve("cache"), "proof.json").getFirst();
    byte[] good = Files.readAllBytes(proof);
    for (String[] change :
        new String[][] {
          {"\\nindex ", "\\nindex 1", "RAYA-SEC-005"},
          {"\"size\":", "\"size\":1", "RAYA-SEC-005"},
          {"\\n\\u2014 local", "\\n\\u2014 other", "RAYA-SEC-010"},
          {"dsseEnvelope", "dsseEnvelopf", "RAYA-SEC-007"},
          {"\"type\":\"publish\"", "\"type\":\"publisi\"", "RAYA-SEC-005"},
          {"\"proof\":", "\"proog\":", "RAYA-SEC-013"}
        }) {
      String text = new String(good, StandardCharsets.UTF_8);
      String from = change[0].replace("\\u2014", "—");
      assertThat(text).contains(from);
      Files.writeString(proof, text.replace(from, change[1].replace("\\u2014", "—")));
      refused(pm.run("verify", "--offline"), change[2]);
      Files.write(proof, good);
    }
    Files.delete(proof);
    refused(pm.run("verify", "--offline"), "RAYA-SEC-013");
    Files.write(proof, good);
    assertThat(pm.run("verify", "--offline").exit()).isZero();
  }

  @Test
  void changedLockfileIsFoundWithExpectedAndFound() throws IOException {
    Pm pm = installed();
    Path lock = pm.project().resolve("raya.lock");
    edit(lock, "log = { index = 1,", "log = { index = 2,");
    Pm.Outcome outcome = pm.run("verify", "--offline");
    refused(outcome, "RAYA-SEC-005");
    assertThat(outcome.err()).contains("expected: index 2", "found: index 1");
  }

  @Test
  void changedMetadataAndPolicyAreFound() throws IOException {
    Pm pm = installed();
    Path state = files(pm.home().resolve("registry"), "timestamp.json").getFirst();
    edit(state, "\"version\":1", "\"version\":2");
    refused(pm.run("verify", "--offline"), "RAYA-SEC-003");
    assertThat(pm.run("verify").exit()).isZero();
    Path policy = files(pm.home().resolve("registry"), "trust%2Flog.policy").getFirst();
    edit(policy, "quorum local", "quorum none");
    refused(pm.run("verify", "--offline"), "RAYA-SEC-003");
  }

  @Test
  void homeWithoutMetadataHasNothingToVerifyBy() throws IOException {
    Pm pm = installed();
    Files.delete(files(pm.home().resolve("registry"), "timestamp.json").getFirst());
    refused(pm.run("verify", "--offline"), "RAYA-SEC-013");
    assertThat(pm.run("verify").exit()).isZero();
  }

  @Test
  void strictAsksForProvenanceAndAProjectMayOnlyRaise() {
    Pm pm = installed();
    refused(pm.with("RAYA_TRUST_LEVEL", "strict").run("verify", "--offline"), "RAYA-SEC-009");
    String manifest = pm.read("raya.toml");
    pm.write("raya.toml", manifest + "\n[trust]\nlevel = \"strict\"\n");
    refused(pm.run("verify", "--offline"), "RAYA-SEC-009");
    pm.write("raya.toml", manifest + "\n[trust]\nlevel = \"permissive\"\n");
    assertThat(pm.with("RAYA_TRUST_LEVEL", "strict").run("verify", "--offline").exit())
        .isEqualTo(3);
    assertThat(pm.run("verify", "--offline", "--explain").out())
        .contains("  statement   signed by");
    pm.write("raya.toml", manifest);
    assertThat(
            pm.with("RAYA_TRUST_LEVEL", "permissive").run("verify", "--offline", "--explain").out())
        .contains("permissive: neither log nor statement were asked for");
  }

  /** Provenance as a build makes it, with what its text is to say otherwise. */
  private static byte[] provenance(
      PublishStatement statement, UnaryOperator<String> change, int seed) {
    SigningKey key = signer(seed);
    String payload =
        new String(TestRun.build(statement, TestRun.of(key), null).bytes(), StandardCharsets.UTF_8);
    return new PublishBundle(
            key.verificationKey().keyId().hex(),
            DsseEnvelope.sign(
                PublishStatement.PAYLOAD_TYPE,
                change.apply(payload).getBytes(StandardCharsets.UTF_8),
                key))
        .bytes();
  }

  private Pm.Outcome strictly(Function<PublishStatement, byte[]> attestation) throws IOException {
    return fromWorkflow(
        attestation, pm -> pm.with("RAYA_TRUST_LEVEL", "strict").run("verify", "--offline"));
  }

  private Pm.Outcome fromWorkflow(
      Function<PublishStatement, byte[]> attestation, Function<Pm, Pm.Outcome> command)
      throws IOException {
    return fromWorkflow(attestation, started -> {}, command);
  }

  private Pm.Outcome fromWorkflow(
      Function<PublishStatement, byte[]> attestation,
      Consumer<TestRegistry> before,
      Function<Pm, Pm.Outcome> command)
      throws IOException {
    Path own = Files.createTempDirectory(folder, "workflow");
    try (TestRegistry other = TestRegistry.start(7)) {
      before.accept(other);
      other.publishFromWorkflow(
          TestPackage.of("fmt", "1.0.0"), TestRun.of(other.key()), attestation);
      Pm pm = Pm.in(own).at(other).project("fmt = \"^1.0\"");
      Pm.Outcome outcome = pm.run("install");
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      return command.apply(pm);
    }
  }

  @Test
  void provenanceCountsIfItIsOfTheseFilesAndSignedByTheRunThatPublished() throws IOException {
    // Past provenance, strict asks for a witness, which this registry has not.
    refused(strictly(of -> provenance(of, text -> text, 7)), "RAYA-SEC-010");
    Pm.Outcome junk = strictly(of -> "anybody's bytes".getBytes(StandardCharsets.UTF_8));
    refused(junk, "RAYA-SEC-009");
    assertThat(junk.err()).contains("attestation 2 is refused");
    Pm.Outcome stranger = strictly(of -> provenance(of, text -> text, 8));
    refused(stranger, "RAYA-SEC-009");
    assertThat(stranger.err()).contains("no signature is that of the workflow's run");
    Pm.Outcome others =
        strictly(of -> provenance(of, text -> text.replace("fmt@1.0.0", "fmt@1.0.1"), 7));
    refused(others, "RAYA-SEC-009");
    assertThat(others.err()).contains("it is about other files");
    Pm.Outcome twice = strictly(of -> PublishBundle.sign(of, signer(7)).bytes());
    refused(twice, "RAYA-SEC-009");
    assertThat(twice.err()).contains("its statement is of another type");
    Pm.Outcome elsewhere =
        strictly(of -> provenance(of, text -> text.replace("ann/fmt", "bob/fmt"), 7));
    refused(elsewhere, "RAYA-SEC-009");
    assertThat(elsewhere.err()).contains("repository: expected https://ci.example/ann/fmt");
  }

  /** A strict user's outcome at a registry whose policy names a witness "friend" with this key. */
  private Pm.Outcome witnessed(Function<String, NoteSigner> friend) throws IOException {
    return fromWorkflow(
        of -> provenance(of, text -> text, 7),
        started -> started.witnessedBy("friend", friend.apply("127.0.0.1:" + started.port())),
        pm -> {
          Pm strict =
              Pm.in(pm.folder().resolve("new"))
                  .with("RAYA_REGISTRY", pm.variables().getOrDefault("RAYA_REGISTRY", ""))
                  .with("RAYA_TRUST_LEVEL", "strict")
                  .project("fmt = \"^1.0\"");
          Pm.Outcome installed = strict.run("install");
          return installed.exit() == 0 ? strict.run("verify", "--offline", "--explain") : installed;
        });
  }

  @Test
  void strictCountsAWitnessOfSomebodyElseAndNeverTheRegistrysOwn() throws IOException {
    Pm.Outcome accepted = witnessed(log -> NoteSigner.witness("friend.example/log", signer(9)));
    assertThat(accepted.exit()).as(accepted.err()).isZero();
    assertThat(accepted.out()).contains("cosigned by friend, local");
    // The key with which the registry's own second process cosigns, whatever the policy calls it.
    Pm.Outcome own = witnessed(log -> NoteSigner.witness(log + "/witness", signer(9)));
    refused(own, "RAYA-SEC-010");
    assertThat(own.err()).contains("found: [local]");
  }

  private static SigningKey signer(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return SigningKey.ofSeed(bytes);
  }

  @Test
  void yankedVersionsAreToldAndStrictRefusesThem() {
    Pm pm = installed();
    registry.yank("fmt", "1.3.0");
    assertThat(pm.run("verify").err()).contains("warning[RAYA-RES-004]", "fmt@1.3.0 was yanked");
  }
}

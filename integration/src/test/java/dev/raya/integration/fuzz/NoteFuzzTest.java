package dev.raya.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.ProofFile;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.witness.AddCheckpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Notes, checkpoints, policies, proofs and records of a log. */
final class NoteFuzzTest {
  private static final SigningKey KEY = SigningKey.ofSeed(new byte[32]);
  private static final NoteSigner LOG = NoteSigner.log("registry.example", KEY);
  private static final NoteSigner WITNESS =
      NoteSigner.witness("registry.example/witness/local", SigningKey.ofSeed(filled()));
  private static final List<NoteKey> KEYS = List.of(LOG.verifier());
  private static final Digest LEFT = MerkleProofs.leafHash(new byte[] {1});
  private static final Digest RIGHT = MerkleProofs.leafHash(new byte[] {2});
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("registry.example", 2, MerkleProofs.nodeHash(LEFT, RIGHT), List.of());
  private static final SignedNote NOTE = note();
  private static final LogPolicy POLICY = policy();

  private static byte[] filled() {
    byte[] seed = new byte[32];
    seed[0] = 9;
    return seed;
  }

  private static SignedNote note() {
    Instant time = Instant.parse("2026-01-06T12:00:00Z");
    String text = CHECKPOINT.text();
    return new SignedNote(text, List.of(LOG.sign(text, time), WITNESS.sign(text, time)));
  }

  private static String policyText() {
    return "log "
        + LOG.verifier().text()
        + "\nwitness local "
        + WITNESS.verifier().text()
        + "\ngroup g 1 local\nquorum g\n";
  }

  private static LogPolicy policy() {
    try {
      return LogPolicy.parse(policyText());
    } catch (SigningException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Fuzz fuzz(String name) {
    return Fuzz.brief(
        name, e -> e instanceof SigningException || e instanceof JsonException, 32 << 20);
  }

  private static void notes(Fuzz fuzz) throws Exception {
    Mutator mutator = new Mutator(fuzz.random(), List.of(utf8(NOTE.document())));
    Fuzz.Outcome outcome =
        fuzz.run(
            mutator::bytes,
            input -> {
              SignedNote note = SignedNote.parse(input);
              assertThat(text(input)).isEqualTo(note.document());
              note.requireSigner(KEYS);
              assertThat(note.text()).isEqualTo(NOTE.text());
              assertThat(Checkpoint.verified(input, KEYS)).isEqualTo(CHECKPOINT);
              // A cosignature may be missing; then the policy, and nothing else, says no.
              POLICY.verify(input);
              assertThat(POLICY.cosigners(input)).containsExactly("local");
            });
    assertThat(outcome.refused()).isGreaterThan(outcome.accepted());
  }

  private static void policies(Fuzz fuzz) throws Exception {
    Mutator mutator = new Mutator(fuzz.random(), List.of(utf8(policyText())));
    Fuzz.Outcome outcome =
        fuzz.run(
            mutator::bytes,
            input -> {
              LogPolicy policy = LogPolicy.parse(text(input));
              Checkpoint believed = policy.verify(utf8(NOTE.document()));
              assertThat(believed).isEqualTo(CHECKPOINT);
              assertThat(policy.logs()).containsAll(KEYS);
            });
    assertThat(outcome.accepted()).isPositive();
  }

  private static void proofs(Fuzz fuzz) throws Exception {
    LogProof good = new LogProof(0, List.of(RIGHT), NOTE.document());
    Mutator mutator = new Mutator(fuzz.random(), List.of(utf8(good.text())));
    fuzz.run(
        mutator::bytes,
        input -> {
          LogProof proof = LogProof.parse(text(input));
          assertThat(proof.text()).isEqualTo(text(input));
          assertThat(proof.verify(LEFT, POLICY)).isEqualTo(CHECKPOINT);
          assertThat(proof.index()).isZero();
          assertThat(proof.path()).containsExactly(RIGHT);
        });
    Mutator requests =
        new Mutator(
            fuzz.random(), List.of(new AddCheckpoint(1, List.of(RIGHT), NOTE.document()).bytes()));
    fuzz.run(
        requests::bytes, input -> assertThat(AddCheckpoint.parse(input).bytes()).isEqualTo(input));
  }

  private static void records(Fuzz fuzz) throws Exception {
    LogRecord.Header header = new LogRecord.Header("2026-01-06T12:00:00Z", "17");
    Identity.Key publisher = new Identity.Key(17, KEY.verificationKey(), LEFT);
    LogRecord publish =
        new LogRecord.Publish(
            header,
            "@acme/http",
            "1.2.3",
            LEFT,
            1200,
            RIGHT,
            List.of(new LogRecord.Native("lz4", "linux-x64", "liblz4.so", 10, LEFT)),
            List.of("net"),
            publisher,
            List.of(new LogRecord.Attestation("https://raya.dev/publish/v1", 900, LEFT)),
            4711L);
    List<byte[]> corpus =
        List.of(
            publish.bytes(),
            new LogRecord.Package(header, "a", List.of(publisher), true, false, true).bytes(),
            new LogRecord.KeyChange(header, publisher, true).bytes(),
            new LogRecord.Tag(header, "a", "next", "1.0.0").bytes(),
            new LogRecord.Quarantine(header, "a", "1.0.0", true, "malware", null).bytes());
    Mutator mutator = new Mutator(fuzz.random(), corpus);
    Fuzz.Outcome outcome =
        fuzz.run(
            mutator::json,
            input -> assertThat(LogRecordReader.read(input).bytes()).isEqualTo(input));
    assertThat(outcome.accepted()).isPositive();
    ProofFile file =
        new ProofFile(
            List.of(
                new ProofFile.Proof(
                    "https://registry.example",
                    LEFT,
                    text(publish.bytes()),
                    new LogProof(0, List.of(RIGHT), NOTE.document()).text(),
                    List.of("{}"))));
    Mutator files = new Mutator(fuzz.random(), List.of(file.bytes()));
    fuzz.run(
        files::json,
        input -> {
          ProofFile read = ProofFile.read(input);
          assertThat(ProofFile.read(read.bytes())).isEqualTo(read);
        });
  }

  @Test
  @Timeout(120)
  void changedNotesAreRefusedOrSayTheSame() throws Exception {
    notes(fuzz("note"));
  }

  @Test
  @Timeout(120)
  void changedPoliciesAreRefusedOrBelieveNoMore() throws Exception {
    policies(fuzz("policy"));
  }

  @Test
  @Timeout(120)
  void changedProofsAreRefusedOrTheSame() throws Exception {
    proofs(fuzz("proof"));
  }

  @Test
  @Timeout(120)
  void changedRecordsAreRefusedOrWrittenAsTheyWereRead() throws Exception {
    records(fuzz("record"));
  }

  @Test
  @Tag("long")
  void allOfThemForLong() throws Exception {
    notes(fuzz("note").longer());
    policies(fuzz("policy").longer());
    proofs(fuzz("proof").longer());
    records(fuzz("record").longer());
  }
}

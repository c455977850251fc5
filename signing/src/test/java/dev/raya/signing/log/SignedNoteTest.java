package dev.raya.signing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Notes, checkpoints and proofs that are made here, and how malformed ones are refused. */
final class SignedNoteTest {
  private static final String ORIGIN = "log.raya.example/packages";
  private static final SigningKey KEY = SigningKey.generate(new SecureRandom());
  private static final NoteKey LOG =
      NoteKey.of(ORIGIN, KEY.verificationKey(), NoteKey.Type.ED25519);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String signed(String text) {
    byte[] signature = KEY.sign(utf8(text));
    byte[] line = ByteBuffer.allocate(4 + signature.length).putInt(LOG.id()).put(signature).array();
    return text + "\n\u2014 " + ORIGIN + ' ' + Base64.getEncoder().encodeToString(line) + '\n';
  }

  private static void refused(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading)
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((SigningException) e).code())
        .isEqualTo("RAYA-SEC-005");
  }

  /** White space as Unicode has it, of which the next line is a control character. */
  @Test
  void namesHoldNoSpaceAndNoPlus() {
    for (String name : List.of("", "a+b", "a b", "a\tb", "a\u0085b", "a\u00a0b", "a\u2028b")) {
      assertThat(NoteKey.isName(name)).as(name).isFalse();
    }
    assertThat(NoteKey.isName("log.example/\u00e9\u200b")).isTrue();
  }

  @Test
  void aKeyIsWrittenAndReadAgain() throws Exception {
    assertThat(NoteKey.parse(LOG.text())).isEqualTo(LOG).hasSameHashCodeAs(LOG);
    assertThat(LOG.toString()).isEqualTo(LOG.text());
    assertThat(LOG.name()).isEqualTo(ORIGIN);
    assertThat(KEY.toString()).contains(KEY.verificationKey().keyId().hex());
    assertThat(SigningKey.ofPkcs8(KEY.pkcs8()).verificationKey())
        .isEqualTo(KEY.verificationKey())
        .hasToString(KEY.verificationKey().toString());
    assertThatThrownBy(() -> SigningKey.ofPkcs8(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SigningKey.ofSeed(new byte[3]))
        .isInstanceOf(IllegalArgumentException.class);
    NoteKey witness = NoteKey.of(ORIGIN, KEY.verificationKey(), NoteKey.Type.ED25519_COSIGNATURE);
    assertThat(witness).isNotEqualTo(LOG);
    assertThat(witness.sameMaterial(LOG)).isTrue();
    assertThatThrownBy(
            () -> NoteKey.of(ORIGIN, KEY.verificationKey(), NoteKey.Type.ML_DSA_44_COSIGNATURE))
        .isInstanceOf(IllegalArgumentException.class);
    refused(() -> NoteKey.parse("no key"), "expected NAME+HASH+KEY");
    refused(() -> NoteKey.parse("a b+00000000+AQ=="), "malformed name or key");
    refused(() -> NoteKey.parse("a+00000000+" + "CQAA"), "unknown signature type 9");
    refused(() -> NoteKey.parse(LOG.text().replaceFirst("\\+[0-9a-f]{8}", "+00000000")), "hash");
    refused(() -> NoteKey.parse("a+00000000+BgAA"), "expected a key of 1312 bytes");
  }

  @Test
  void aProofOfOneEntryLeadsToItsCheckpoint() throws Exception {
    Digest leaf = MerkleProofs.leafHash(utf8("entry"));
    Checkpoint checkpoint = new Checkpoint(ORIGIN, 1, leaf, List.of("extension"));
    String note = signed(checkpoint.text());
    assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    assertThat(Checkpoint.verified(utf8(note), List.of(LOG))).isEqualTo(checkpoint);
    LogPolicy policy = LogPolicy.parse("log " + LOG.text() + "\nquorum none\n");
    assertThat(policy.logs()).containsExactly(LOG);
    assertThat(policy.witnesses()).isEmpty();

    LogProof proof = new LogProof(0, List.of(), note);

    assertThat(LogProof.parse(proof.text())).isEqualTo(proof);
    assertThat(LogProof.parse(proof.text().replace("\nindex", "\nextra aGk=\nindex")))
        .isEqualTo(proof);
    assertThat(proof.verify(leaf, policy)).isEqualTo(checkpoint);
    refused(() -> proof.verify(MerkleProofs.leafHash(utf8("other")), policy), "does not lead to");
    refused(() -> new LogProof(1, List.of(), note).verify(leaf, policy), "does not lead to");
  }

  @Test
  void malformedTextsAreRefusedWithTheirFault() {
    refused(() -> LogProof.parse("c2sp.org/tlog-proof@v1\nindex 0\n"), "no empty line");
    refused(() -> LogProof.parse("other\n\n"), "expected c2sp.org/tlog-proof@v1");
    refused(() -> LogProof.parse("c2sp.org/tlog-proof@v1\nextra ?\nindex 0\n\nx"), "extra");
    refused(() -> LogProof.parse("c2sp.org/tlog-proof@v1\nextra aGk=\n\nx"), "no index");
    refused(() -> LogProof.parse("c2sp.org/tlog-proof@v1\nindex 00\n\nx"), "malformed index");
    refused(() -> LogProof.parse("x".repeat(LogProof.MAX_BYTES + 1)), "at most");
    refused(() -> Checkpoint.parse("a\n1\nb"), "does not end");
    refused(() -> Checkpoint.parse("a\n1\n"), "three lines");
    refused(() -> Checkpoint.parse("a\n9223372036854775808\nb\n"), "malformed size");
    refused(() -> SignedNote.parse(new byte[SignedNote.MAX_BYTES + 1]), "at most");
    refused(() -> SignedNote.parse(new byte[] {(byte) 0xff}), "not UTF-8");
    refused(() -> SignedNote.parse(utf8("a\tb\n\n")), "control characters");
    String line = "\u2014 a AAAAAAA=\n";
    refused(() -> SignedNote.parse(utf8("t\n\n" + line.repeat(65))), "more than 64 signatures");
    refused(() -> LogPolicy.parse("log\nquorum none\n"), "line 1: expected log VKEY");
    refused(() -> LogPolicy.parse("nonsense\n"), "unknown word");
    refused(() -> LogPolicy.parse("quorum none"), "does not end");
    refused(() -> LogPolicy.parse("quorum x\n"), "not defined above");
    refused(() -> LogPolicy.parse("# \u0007\n"), "control characters");
  }
}

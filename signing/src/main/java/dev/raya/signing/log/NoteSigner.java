package dev.raya.signing.log;

import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.SignedNote.NoteSignature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Signs notes with an Ed25519 key under a name (C2SP signed-note, tlog-cosignature). */
public final class NoteSigner {
  private final SigningKey key;
  private final NoteKey verifier;

  private NoteSigner(SigningKey key, NoteKey verifier) {
    this.key = key;
    this.verifier = verifier;
  }

  /**
   * A log.
   *
   * @param origin the log's name
   */
  public static NoteSigner log(String origin, SigningKey key) {
    return new NoteSigner(key, NoteKey.of(origin, key.verificationKey(), NoteKey.Type.ED25519));
  }

  /**
   * A witness, whose signatures carry a time (cosignature/v1).
   *
   * @param name the witness's name
   */
  public static NoteSigner witness(String name, SigningKey key) {
    return new NoteSigner(
        key, NoteKey.of(name, key.verificationKey(), NoteKey.Type.ED25519_COSIGNATURE));
  }

  /** What verifies the signatures. */
  public NoteKey verifier() {
    return verifier;
  }

  /**
   * The signature of a note's text.
   *
   * @param text with its last newline
   * @param time of a cosignature, in whole seconds; a log's own signature carries none
   */
  public NoteSignature sign(String text, Instant time) {
    byte[] signature =
        switch (verifier.type()) {
          case ED25519 -> key.sign(text.getBytes(StandardCharsets.UTF_8));
          case ED25519_COSIGNATURE -> {
            long seconds = time.getEpochSecond();
            byte[] signed =
                key.sign(
                    ("cosignature/v1\ntime " + seconds + '\n' + text)
                        .getBytes(StandardCharsets.UTF_8));
            yield ByteBuffer.allocate(Long.BYTES + signed.length)
                .putLong(seconds)
                .put(signed)
                .array();
          }
          case ML_DSA_44_COSIGNATURE ->
              throw new IllegalStateException("an Ed25519 key makes no ML-DSA cosignatures");
        };
    return new NoteSignature(verifier.name(), verifier.id(), signature);
  }
}

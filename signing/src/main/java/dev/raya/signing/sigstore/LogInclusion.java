package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.sigstore.SigstoreBundle.InclusionProof;
import dev.raya.signing.sigstore.SigstoreBundle.LogEntry;
import dev.raya.signing.sigstore.TrustedRoot.Log;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** That a Rekor log holds an entry: its proof under a checkpoint, and its promise. */
final class LogInclusion {
  private LogInclusion() {}

  /**
   * Verifies the proof of inclusion and the checkpoint that it leads to. The checkpoint is a signed
   * note whose key is named by the log's host; the key's id is the start of the log's id.
   */
  static void verifyProof(LogEntry entry, Log log) throws SigningException {
    InclusionProof proof = entry.proof();
    SignedNote note = SignedNote.parse(proof.checkpoint().getBytes(StandardCharsets.UTF_8));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    String origin = checkpoint.origin();
    if (!origin.equals(log.host()) && !origin.startsWith(log.host() + " - ")) {
      throw Refusal.log(
          "expected a checkpoint of " + log.host() + ", found one of \"" + origin + '"');
    }
    requireSigned(note, log);
    if (checkpoint.size() != proof.size() || !checkpoint.root().equals(proof.root())) {
      throw Refusal.log(
          "expected a proof for the checkpoint's tree of size "
              + checkpoint.size()
              + " and root "
              + checkpoint.root().hex()
              + ", found one for size "
              + proof.size()
              + " and root "
              + proof.root().hex());
    }
    Digest leaf = MerkleProofs.leafHash(entry.body().bytes());
    if (!MerkleProofs.includes(proof.index(), proof.size(), leaf, proof.hashes(), proof.root())) {
      throw Refusal.log("the inclusion proof does not lead to the checkpoint's root");
    }
  }

  /** A key of that name and id signed, and no signature that claims so is false. */
  private static void requireSigned(SignedNote note, Log log) throws SigningException {
    int id = ByteBuffer.wrap(log.id().bytes()).getInt();
    PublicKeyInfo key = PublicKeyInfo.read(log.key().bytes());
    byte[] text = note.text().getBytes(StandardCharsets.UTF_8);
    boolean signed = false;
    for (NoteSignature signature : note.signatures()) {
      if (signature.name().equals(log.host()) && signature.id() == id) {
        if (!key.verifies(text, signature.bytes(), HashAlgorithm.SHA2_256)) {
          throw Refusal.log("the checkpoint's signature by " + log.host() + " does not verify");
        }
        signed = true;
      }
    }
    if (!signed) {
      throw Refusal.log("expected a checkpoint signed by " + log.host() + ", found none by it");
    }
  }

  /** Verifies the signed entry timestamp of a Rekor v1 entry, over entry, place and time. */
  static void verifyPromise(LogEntry entry, Log log) throws SigningException {
    Octets promise = entry.promise();
    if (promise == null || entry.integratedTime() == 0) {
      throw Refusal.log("expected a signed entry timestamp with its time, found none");
    }
    byte[] message =
        CanonicalJson.bytes(
            Json.object()
                .put("body", entry.body().base64())
                .put("integratedTime", entry.integratedTime())
                .put("logID", entry.log().hex())
                .put("logIndex", entry.index())
                .build());
    if (!PublicKeyInfo.read(log.key().bytes())
        .verifies(message, promise.bytes(), HashAlgorithm.SHA2_256)) {
      throw Refusal.log("the signed entry timestamp of " + log.host() + " does not verify");
    }
  }
}

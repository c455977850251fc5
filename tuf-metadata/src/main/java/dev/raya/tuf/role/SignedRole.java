package dev.raya.tuf.role;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A metadata file: a role, the bytes that are signed, and the signatures. Reading one says nothing
 * yet about its signatures; {@link #requireThreshold} does.
 *
 * @param <R> which role
 */
public final class SignedRole<R extends Role> {
  /**
   * A signature over the canonical form.
   *
   * @param keyId which key claims to have made it
   * @param hex its bytes in hexadecimal digits; empty if the key has not signed
   */
  public record RoleSignature(String keyId, String hex) {}

  private final R role;
  private final byte[] signed;
  private final List<RoleSignature> signatures;

  SignedRole(R role, byte[] signed, List<RoleSignature> signatures) {
    this.role = role;
    this.signed = signed;
    this.signatures = List.copyOf(signatures);
  }

  /** The role; not to be believed before {@link #requireThreshold}. */
  public R role() {
    return role;
  }

  /** SHA-256 of the bytes that are signed, the same whoever signed them. */
  public Digest digest() {
    return Digest.of(signed);
  }

  /** The signatures, in the order of the file. */
  public List<RoleSignature> signatures() {
    return signatures;
  }

  /**
   * Checks that enough different keys signed.
   *
   * @param keys keyid to key, of the delegating role
   * @param signers which of them count, and how many are needed
   * @throws TufException with {@link Code#METADATA_REFUSED} if fewer than the threshold did
   */
  public void requireThreshold(Map<String, TufKey> keys, RoleKeys signers) throws TufException {
    Set<String> verified = new HashSet<>();
    Set<String> counted = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (RoleSignature signature : signatures) {
      if (verified.size() >= signers.threshold()) {
        return; // what else is signed, or is not, decides nothing
      }
      TufKey key = keys.get(signature.keyId());
      if (key == null
          || !signers.keyIds().contains(signature.keyId())
          || verified.contains(signature.keyId())) {
        continue;
      }
      // Two keyids of one key are one signer, however the key is written.
      if (key.verifies(signed, HexFormat.of().parseHex(signature.hex()))) {
        if (counted.add(key.material())) {
          verified.add(signature.keyId());
        }
      } else {
        wrong.add(signature.keyId());
      }
    }
    if (verified.size() < signers.threshold()) {
      throw new TufException(
          Code.METADATA_REFUSED,
          "expected signatures of "
              + signers.threshold()
              + " of "
              + signers.keyIds().size()
              + " keys on "
              + role.kind().id()
              + " version "
              + role.version()
              + ", found "
              + verified.size()
              + (wrong.isEmpty() ? "" : "; wrong signatures of " + String.join(", ", wrong)));
    }
  }
}

package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Whoever holds the online keys. It is never given bytes to sign: it is told what a role is to say,
 * with documents named by their digests only, checks that the role may say it, and writes the
 * metadata itself.
 */
public interface OnlineSigner {
  /**
   * The snapshot that was signed last, which may never have been served.
   *
   * @throws IOException if the signer gives no answer
   */
  Optional<byte[]> lastSnapshot() throws IOException;

  /**
   * Signs a hash bin.
   *
   * @param bin role name
   * @param version higher than that of the bin in the last snapshot
   * @param targets index documents whose paths fall into the bin
   * @throws TufException if the bin may not say that
   * @throws IOException if the signer gives no answer
   */
  byte[] bin(String bin, long version, Map<String, Role.TargetFile> targets)
      throws TufException, IOException;

  /**
   * Signs a bin without targets. Metadata does not say which bin it is, so one file serves all that
   * are empty and of one version.
   *
   * @param version of them all
   * @throws TufException if it is no version
   * @throws IOException if the signer gives no answer
   */
  byte[] emptyBin(long version) throws TufException, IOException;

  /**
   * Signs the advisories role.
   *
   * @param version higher than that in the last snapshot
   * @param targets below {@code advisories/}
   * @throws TufException if it may not say that
   * @throws IOException if the signer gives no answer
   */
  byte[] advisories(long version, Map<String, Role.TargetFile> targets)
      throws TufException, IOException;

  /**
   * Signs the next snapshot; the signer gives it its version.
   *
   * @param files metadata file name to version: all of the last snapshot, none older
   * @throws TufException if a file is missing, older, or of no role
   * @throws IOException if the signer gives no answer
   */
  byte[] snapshot(Map<String, Long> files) throws TufException, IOException;

  /**
   * Signs the next timestamp.
   *
   * @param snapshot digest of the snapshot that was signed last
   * @throws TufException if another one was
   * @throws IOException if the signer gives no answer
   */
  byte[] timestamp(Digest snapshot) throws TufException, IOException;
}

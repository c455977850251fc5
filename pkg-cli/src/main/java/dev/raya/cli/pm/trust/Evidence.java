package dev.raya.cli.pm.trust;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a registry shows for a version: the log's record, the proof that the log holds it, and the
 * attestations it names.
 *
 * @param leaf canonical bytes of the {@code publish} record; not copied
 * @param proof a tlog-proof of the record, or null if none was shown
 * @param attestations the bundles, in the record's order; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Evidence(byte[] leaf, @Nullable String proof, List<byte[]> attestations) {
  /** Copies the list. */
  public Evidence {
    attestations = List.copyOf(attestations);
  }
}

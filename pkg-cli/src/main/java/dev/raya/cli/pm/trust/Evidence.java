package dev.raya.cli.pm.trust;

import java.util.List;

/**
 * What a registry shows for a version: the log's record and the attestations it names.
 *
 * @param leaf canonical bytes of the {@code publish} record; not copied
 * @param attestations the bundles, in the record's order; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Evidence(byte[] leaf, List<byte[]> attestations) {
  /** Copies the list. */
  public Evidence {
    attestations = List.copyOf(attestations);
  }
}

package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.PackageCache;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.ProofFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The signed checkpoints that lie beside cache entries, each in the proof of a record: what shows
 * how far this home has seen a log when its memory of that is damaged. Nothing here is believed
 * before somebody verifies it.
 */
public final class HeldProofs {
  /** Most entries that are looked at. */
  private static final int MAX_ENTRIES = 10_000;

  private final PackageCache cache;

  /** Reads below this cache. */
  public HeldProofs(PackageCache cache) {
    this.cache = cache;
  }

  /**
   * The checkpoints of a registry's log, unverified; what cannot be read is passed over.
   *
   * @param root digest of the registry's first root
   * @return each once
   * @throws IOException if the cache cannot be listed
   */
  Set<String> checkpoints(Digest root) throws IOException {
    Set<String> found = new TreeSet<>();
    List<Digest> entries = cache.list();
    for (Digest checksum : entries.subList(0, Math.min(MAX_ENTRIES, entries.size()))) {
      Optional<byte[]> file = file(checksum);
      if (file.isPresent()) {
        add(file.get(), root, found);
      }
    }
    return found;
  }

  private Optional<byte[]> file(Digest checksum) {
    try {
      Optional<CacheEntry> entry = cache.get(checksum);
      return entry.isEmpty() ? Optional.empty() : cache.proof(entry.get());
    } catch (IOException unreadable) {
      return Optional.empty(); // it shows nothing, and the others may
    }
  }

  private static void add(byte[] file, Digest root, Set<String> found) {
    try {
      for (ProofFile.Proof proof : ProofFile.read(file).proofs()) {
        if (proof.root().equals(root) && proof.proof() != null) {
          found.add(LogProof.parse(proof.proof()).checkpoint());
        }
      }
    } catch (SigningException damaged) {
      return; // it shows nothing
    }
  }
}

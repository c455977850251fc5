package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.LogNames;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.CheckpointSigner;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.repository.RoleSigner;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The online keys themselves, in the signer's process: TUF's online roles and the log, each with a
 * memory of its own. Calls go one after the other.
 */
public final class HeldKeys implements Signer {
  private final RoleSigner roles;
  private final CheckpointSigner log;

  /** Guards everything above. */
  private final Object lock = new Object();

  private HeldKeys(RoleSigner roles, CheckpointSigner log) {
    this.roles = roles;
    this.log = log;
  }

  /**
   * Reads keys and memory of a data directory.
   *
   * @param origin the registry's own name
   * @throws StorageException if keys or memory are missing or damaged
   * @throws IOException if they cannot be read
   */
  public static HeldKeys open(DataDirectory directory, String origin, InstantSource clock)
      throws StorageException, IOException {
    TrustKeys keys = new TrustKeys(directory);
    Map<RegistryRole, SigningKey> online = new EnumMap<>(RegistryRole.class);
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online()) {
        online.put(role, keys.load(role).getFirst());
      }
    }
    NoteSigner log = NoteSigner.log(LogNames.log(origin), keys.log());
    Path memory = directory.signer();
    try {
      return new HeldKeys(
          new RoleSigner(online, new DirectoryMetadata(memory.resolve("tuf")), clock),
          new CheckpointSigner(log, new DirectoryTileStore(memory.resolve("log")), clock));
    } catch (TufException e) {
      throw new StorageException(memory + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<byte[]> lastSnapshot() throws IOException {
    synchronized (lock) {
      return roles.lastSnapshot();
    }
  }

  @Override
  public byte[] bin(String bin, long version, Map<String, Role.TargetFile> targets)
      throws TufException {
    synchronized (lock) {
      return roles.bin(bin, version, targets);
    }
  }

  @Override
  public byte[] emptyBin(long version) throws TufException {
    synchronized (lock) {
      return roles.emptyBin(version);
    }
  }

  @Override
  public byte[] advisories(long version, Map<String, Role.TargetFile> targets) throws TufException {
    synchronized (lock) {
      return roles.advisories(version, targets);
    }
  }

  @Override
  public byte[] snapshot(Map<String, Long> files) throws TufException, IOException {
    synchronized (lock) {
      return roles.snapshot(files);
    }
  }

  @Override
  public byte[] timestamp(Digest snapshot) throws TufException, IOException {
    synchronized (lock) {
      return roles.timestamp(snapshot);
    }
  }

  @Override
  public long signedSize() throws SigningException, IOException {
    synchronized (lock) {
      return log.last().size();
    }
  }

  @Override
  public String checkpoint(TreeHead head, List<Digest> proof) throws SigningException, IOException {
    synchronized (lock) {
      return log.sign(head, proof).document();
    }
  }
}

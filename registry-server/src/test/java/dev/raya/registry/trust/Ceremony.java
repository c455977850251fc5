package dev.raya.registry.trust;

import dev.raya.cache.disk.Directories;
import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.OnlineRepository;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * A registry's repository with files alone: keys, first metadata, no server.
 *
 * @param directory its data directory
 * @param metadata its metadata
 */
record Ceremony(DataDirectory directory, MetadataFiles metadata) {
  static final String ORIGIN = "https://registry.example";
  private static final InstantSource CLOCK = InstantSource.system();

  /** All of it on disk, as a registry has it. */
  static Ceremony in(Path folder) throws Exception {
    return in(folder, new DirectoryMetadata(new DataDirectory(folder).tree().resolve("tuf")));
  }

  /** Keys and the signer's memory on disk, metadata elsewhere. */
  static Ceremony in(Path folder, MetadataFiles metadata) throws Exception {
    DataDirectory directory = new DataDirectory(folder).create();
    directory.fixOrigin(ORIGIN);
    TrustKeys keys = new TrustKeys(directory);
    keys.begin(new SecureRandom());
    Role.Root root =
        new OfflineRoles(keys.known()).root(1, CLOCK.instant().plus(RegistryRole.ROOT.life()));
    metadata.write("1.root.json", RoleWriter.sign(root, keys.load(RegistryRole.ROOT)));
    Ceremony held = new Ceremony(directory, metadata);
    held.online().refresh(held.renewal().renew(Rotation.targets(directory, ORIGIN)));
    return held;
  }

  OfflineRenewal renewal() {
    return new OfflineRenewal(metadata, new TrustKeys(directory), CLOCK);
  }

  OnlineRepository online() throws Exception {
    return new OnlineRepository(metadata, HeldKeys.open(directory, ORIGIN, CLOCK), CLOCK);
  }

  /** A client at first contact if its folder is new. */
  TufClient client(Path home) throws Exception {
    return client(home, Map.of());
  }

  /**
   * The same, of somebody who serves other files in the place of some.
   *
   * @param forged file name to content
   */
  TufClient client(Path home, Map<String, byte[]> forged) throws Exception {
    if (!Files.exists(home)) {
      TufClient.init(home, metadata.read("1.root.json").orElseThrow());
    }
    TufSource source =
        new TufSource() {
          @Override
          public Optional<byte[]> metadata(String path, long limit) throws IOException {
            byte[] other = forged.get(path);
            return other == null ? metadata.read(path) : Optional.of(other);
          }

          @Override
          public boolean target(String path, Path file, long limit) {
            return false;
          }
        };
    return new TufClient(home, source, CLOCK.instant());
  }

  TufClient newClient(Path home) throws Exception {
    Directories.delete(home);
    return client(home);
  }
}

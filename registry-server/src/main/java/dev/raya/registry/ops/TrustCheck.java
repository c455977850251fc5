package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.registry.storage.StaticTree;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks the TUF repository of a static tree as a client does that knows the first root: every
 * role, and that the targets asked for are the files that are served.
 */
final class TrustCheck implements AutoCloseable {
  private final StaticTree tree;
  private final Path home;
  private final TufClient client;

  TrustCheck(StaticTree tree, Instant now) throws IOException, TufException {
    this.tree = tree;
    this.home = Files.createTempDirectory("raya-verify");
    byte[] root =
        tree.read(RegistryRoot.PATH)
            .orElseThrow(
                () ->
                    new TufException(
                        TufException.Code.METADATA_REFUSED, "tuf/1.root.json is missing"));
    TufClient.init(home, root);
    this.client = new TufClient(home, new TreeSource(tree), now);
  }

  /**
   * Checks the top-level roles, again if they changed.
   *
   * @throws TufException if one is refused
   */
  void refresh() throws TufException, IOException, InterruptedException {
    client.refresh();
  }

  /**
   * What is wrong with a target; empty if metadata names the file that is served by its digest.
   *
   * @param path such as {@code index/3f/a2/logging}
   */
  Optional<String> fault(String path) throws IOException, InterruptedException {
    try {
      Optional<Role.TargetFile> target = client.find(path);
      String hex = target.map(file -> file.hashes().get("sha256")).orElse(null);
      if (hex == null) {
        return Optional.of(path + " is named by no TUF role");
      }
      int file = path.lastIndexOf('/') + 1;
      String byDigest = path.substring(0, file) + hex + '.' + path.substring(file);
      Optional<byte[]> served = tree.read(byDigest);
      if (served.isEmpty() || !Digest.of(served.get()).hex().equals(hex)) {
        return Optional.of(byDigest + ", which TUF names, is missing or changed");
      }
      Optional<byte[]> copy = tree.read(path);
      return copy.isPresent() && Digest.of(copy.get()).hex().equals(hex)
          ? Optional.empty()
          : Optional.of(path + " is not the file that TUF names");
    } catch (TufException e) {
      return Optional.of(path + ": " + e.getMessage());
    }
  }

  /**
   * What is wrong with the roles that lead to index documents and advisories, if there are none.
   */
  List<String> roleFaults() throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    for (String nowhere : List.of("index/0/0/none", "advisories/none")) {
      try {
        client.find(nowhere);
      } catch (TufException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    return faults;
  }

  /** The targets below {@code trust/} that are there. */
  List<String> trustFiles() throws IOException {
    return tree.list("trust").stream()
        .filter(path -> !path.matches("trust/[0-9a-f]{64}\\..*"))
        .toList();
  }

  @Override
  public void close() throws IOException {
    Directories.delete(home);
  }

  private record TreeSource(StaticTree tree) implements TufSource {
    @Override
    public Optional<byte[]> metadata(String path, long limit) throws IOException {
      Optional<byte[]> found = tree.read("tuf/" + path);
      if (found.isPresent() && found.get().length > limit) {
        throw new IOException(path + " has more than " + limit + " bytes");
      }
      return found;
    }

    @Override
    public boolean target(String path, Path file, long limit) throws IOException {
      Optional<byte[]> found = tree.read(path);
      if (found.isEmpty()) {
        return false;
      }
      Files.write(file, found.get());
      return true;
    }
  }
}

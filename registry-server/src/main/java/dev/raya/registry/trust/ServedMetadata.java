package dev.raya.registry.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.StaticTree;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.HashBin;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that the current timestamp leads to, read again whenever it changes. Thread-safe.
 */
@ApplicationScoped
public class ServedMetadata {
  private static final String FOLDER = "tuf/";
  private static final String TIMESTAMP = FOLDER + "timestamp.json";
  private static final String JSON = ".json";
  private static final int MAX_SNAPSHOT = 16 << 20;

  /** How many snapshots back a client's is looked for. */
  private static final int FORMER = 32;

  /** Bins kept in parsed form. */
  private static final int MAX_BINS = 512;

  private final StaticTree tree;
  private final AtomicReference<@Nullable State> last = new AtomicReference<>();

  /** Guarded by itself; the bin used last is at the end. */
  private final Map<String, Map<String, Role.TargetFile>> bins =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(
            Map.Entry<String, Map<String, Role.TargetFile>> eldest) {
          return size() > MAX_BINS;
        }
      };

  /**
   * Timestamp and snapshot that belong together.
   *
   * @param file state of the timestamp's file
   * @param timestamp its bytes; not copied
   * @param snapshot the snapshot's bytes; not copied
   * @param number the snapshot's version
   * @param versions role file to version
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record State(
      StaticTree.FileState file,
      byte[] timestamp,
      byte[] snapshot,
      long number,
      Map<String, Long> versions) {
    /** Path of a role's file below the base; null if the snapshot does not name it. */
    public @Nullable String path(String role) {
      Long version = versions.get(role + JSON);
      return version == null ? null : FOLDER + version + '.' + role + JSON;
    }
  }

  @Inject
  ServedMetadata(StaticTree tree) {
    this.tree = tree;
  }

  /**
   * What is current; empty before the first timestamp.
   *
   * @throws IOException if files cannot be read
   */
  public Optional<State> current() throws IOException {
    Optional<StaticTree.FileState> file = tree.state(TIMESTAMP);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    State known = last.get();
    if (known != null && known.file().equals(file.get())) {
      return Optional.of(known);
    }
    byte[] timestamp = read(TIMESTAMP);
    try {
      long number = RoleReader.timestamp(timestamp).role().snapshot().version();
      byte[] snapshot = read(snapshotPath(number));
      Map<String, Long> versions = new LinkedHashMap<>();
      RoleReader.snapshot(snapshot, MAX_SNAPSHOT)
          .role()
          .files()
          .forEach((name, meta) -> versions.put(name, meta.version()));
      State fresh = new State(file.get(), timestamp, snapshot, number, versions);
      last.set(fresh);
      return Optional.of(fresh);
    } catch (TufException e) {
      throw new IllegalStateException("the static tree holds metadata we did not write", e);
    }
  }

  /**
   * The digest of an index document as its bin names it; empty if it does not.
   *
   * @throws IOException if the bin cannot be read
   */
  public Optional<Digest> named(State state, String targetPath) throws IOException {
    return named(state, HashBin.of(targetPath), targetPath);
  }

  /**
   * The digest of a target as a role names it; empty if it does not.
   *
   * @throws IOException if the role cannot be read
   */
  public Optional<Digest> named(State state, String role, String targetPath) throws IOException {
    String path = state.path(role);
    if (path == null) {
      return Optional.empty();
    }
    Role.TargetFile target = targets(path).get(targetPath);
    String hex = target == null ? null : target.hashes().get("sha256");
    return Optional.ofNullable(hex).map(Digest::new);
  }

  private Map<String, Role.TargetFile> targets(String path) throws IOException {
    synchronized (bins) {
      Map<String, Role.TargetFile> known = bins.get(path);
      if (known != null) {
        return known;
      }
    }
    try {
      Map<String, Role.TargetFile> read = RoleReader.targets(read(path)).role().targets();
      synchronized (bins) {
        bins.put(path, read);
      }
      return read;
    } catch (TufException e) {
      throw new IllegalStateException("the static tree holds metadata we did not write", e);
    }
  }

  /**
   * One of the last snapshots.
   *
   * @throws IOException if files cannot be read
   */
  public Optional<byte[]> former(State state, Digest snapshot) throws IOException {
    for (long back = 1; back <= FORMER && back < state.number(); back++) {
      Optional<byte[]> found = tree.read(snapshotPath(state.number() - back));
      if (found.isPresent() && Digest.of(found.get()).equals(snapshot)) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Path of a snapshot. */
  public static String snapshotPath(long version) {
    return FOLDER + version + ".snapshot.json";
  }

  private byte[] read(String path) throws IOException {
    return tree.read(path).orElseThrow(() -> new IOException("the file " + path + " is missing"));
  }
}

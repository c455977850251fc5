package dev.raya.registry.batch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.splice.Splice;
import dev.raya.registry.advisory.QuarantineTable;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.trust.ServedMetadata;
import dev.raya.registry.trust.TrustFiles;
import dev.raya.resolver.name.PackageName;
import dev.raya.tuf.repository.HashBin;
import dev.raya.tuf.repository.RegistryRole;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The TUF metadata of a batch, all of one snapshot: what the client says it holds is left out, and
 * a snapshot comes as a splice of the one it holds.
 */
final class TufFrames {
  private static final int MAX_ROOTS = 256;

  /** A longer list is fetched by those who hold an older one. */
  private static final int MAX_LIST = 256 << 10;

  private static final String TIMESTAMP = "tuf/timestamp.json";

  private final StaticTree tree;
  private final ServedMetadata metadata;

  /**
   * What a client holds.
   *
   * @param timestamp digest of its timestamp, or null
   * @param snapshot digest of its snapshot, or null
   * @param root version of its newest root; 0 for none
   * @param targets version of its targets; 0 for none
   * @param packages version of its packages role; 0 for none
   * @param advisories version of its advisories role; 0 for none
   */
  record Have(
      @Nullable Digest timestamp,
      @Nullable Digest snapshot,
      long root,
      long targets,
      long packages,
      long advisories) {
    static Have read(JsonFields fields) throws JsonException {
      return new Have(
          digest(fields, "timestamp"),
          digest(fields, "snapshot"),
          version(fields, "root"),
          version(fields, "targets"),
          version(fields, "packages"),
          version(fields, "advisories"));
    }

    private static @Nullable Digest digest(JsonFields fields, String name) throws JsonException {
      String hex = fields.optionalString(name);
      if (hex != null && !Digest.isHex(hex)) {
        throw fields.fault(name, "expected 64 lower-case hexadecimal digits");
      }
      return hex == null ? null : new Digest(hex);
    }

    private static long version(JsonFields fields, String name) throws JsonException {
      return fields.has(name) ? fields.integer(name, 0, Integer.MAX_VALUE) : 0;
    }
  }

  TufFrames(StaticTree tree, ServedMetadata metadata) {
    this.tree = tree;
    this.metadata = metadata;
  }

  /**
   * Writes the frames.
   *
   * @param names package to the version of its bin that the client holds, 0 for none
   */
  void write(ServedMetadata.State state, Have have, Map<PackageName, Long> names, BatchFrames out)
      throws IOException {
    for (long version = have.root() + 1; version <= have.root() + MAX_ROOTS; version++) {
      String path = "tuf/" + version + ".root.json";
      Optional<byte[]> root = tree.read(path);
      if (root.isEmpty()) {
        break;
      }
      out.file(path, root.get(), 0);
    }
    if (!Digest.of(state.timestamp()).equals(have.timestamp())) {
      out.file(TIMESTAMP, state.timestamp(), 0);
    }
    snapshot(state, have.snapshot(), out);
    role(state, "targets", have.targets(), out);
    role(state, "packages", have.packages(), out);
    advisories(state, have.advisories(), out);
    Map<String, Long> bins = new TreeMap<>();
    names.forEach(
        (name, held) -> bins.merge(HashBin.of("index/" + name.indexPath()), held, Math::max));
    for (Map.Entry<String, Long> bin : bins.entrySet()) {
      role(state, bin.getKey(), bin.getValue(), out);
    }
  }

  private void snapshot(ServedMetadata.State state, @Nullable Digest held, BatchFrames out)
      throws IOException {
    if (Digest.of(state.snapshot()).equals(held)) {
      return;
    }
    String path = ServedMetadata.snapshotPath(state.number());
    Optional<byte[]> base = held == null ? Optional.empty() : metadata.former(state, held);
    if (held == null || base.isEmpty()) {
      out.file(path, state.snapshot(), 0);
    } else {
      out.splice(path, Splice.encode(base.get(), state.snapshot()), held);
    }
  }

  /** The role, and with it the list that every install asks about; the other one may be large. */
  private void advisories(ServedMetadata.State state, long held, BatchFrames out)
      throws IOException {
    String role = RegistryRole.ADVISORIES.id();
    Optional<Digest> list = metadata.named(state, role, QuarantineTable.PATH);
    String path = state.path(role);
    if (list.isEmpty() || path == null || path.startsWith("tuf/" + held + '.')) {
      return;
    }
    role(state, role, held, out);
    String file = TrustFiles.digestPath(QuarantineTable.PATH, list.get());
    Optional<byte[]> bytes = tree.read(file);
    if (bytes.isPresent() && bytes.get().length <= MAX_LIST) {
      out.file(file, bytes.get(), 0);
    }
  }

  private void role(ServedMetadata.State state, String role, long held, BatchFrames out)
      throws IOException {
    String path = state.path(role);
    if (path == null || path.startsWith("tuf/" + held + '.')) {
      return;
    }
    Optional<byte[]> file = tree.read(path);
    if (file.isPresent()) {
      out.file(path, file.get(), 0);
    }
  }
}

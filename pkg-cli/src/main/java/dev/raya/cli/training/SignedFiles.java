package dev.raya.cli.training;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What makes a small registry in memory believable: TUF metadata over its documents, and its log
 * with checkpoints and proofs, all signed by one key. For registries that live as long as a
 * process: a training run's, and those of tests.
 */
public final class SignedFiles {
  /** Four bits: 16 bins are enough for dozens of packages. */
  private static final int BIN_BITS = 4;

  private static final String PREFIX = "bin";
  private static final List<String> BINS = bins();

  private final SigningKey key;
  private final TufKey owner;
  private final NoteSigner log;
  private final NoteSigner witness;
  private final Map<String, NoteSigner> others = new TreeMap<>();
  private final Instant expires;
  private final List<byte[]> records = new ArrayList<>();
  private final Map<String, byte[]> tiles = new TreeMap<>();
  private TileLog writer;
  private String note = "";
  private long version;

  /**
   * Begins with an empty log.
   *
   * @param origin the registry's own name for itself
   * @param expires when all metadata expires
   */
  public SignedFiles(SigningKey key, String origin, Instant expires) {
    this.key = key;
    this.owner = TufKey.of(key.verificationKey());
    this.log = NoteSigner.log(origin.substring(origin.indexOf("://") + 3), key);
    this.witness = NoteSigner.witness("local", key);
    this.expires = expires;
    this.writer = open();
  }

  private static List<String> bins() {
    List<String> bins = new ArrayList<>();
    for (int i = 0; i < 1 << BIN_BITS; i++) {
      bins.add(PREFIX + '-' + Integer.toHexString(i));
    }
    return List.copyOf(bins);
  }

  /**
   * From now on a further witness cosigns, under the name that the policy gives it.
   *
   * @param label its name in the policy
   */
  public void witnessedBy(String label, NoteSigner other) {
    others.put(label, other);
  }

  private TileLog open() {
    try {
      tiles.clear();
      return TileLog.open(new Memory(), TreeHead.EMPTY);
    } catch (SigningException | IOException impossible) {
      throw new IllegalStateException("an empty log in memory", impossible);
    }
  }

  /** The first root. */
  public byte[] root() {
    Map<Role.Kind, RoleKeys> roles = new EnumMap<>(Role.Kind.class);
    for (Role.Kind kind : Role.Kind.values()) {
      roles.put(kind, signers());
    }
    return sign(new Role.Root(1, expires, true, keys(), roles));
  }

  private Map<String, TufKey> keys() {
    return Map.of(owner.keyId().hex(), owner);
  }

  private RoleKeys signers() {
    return RoleKeys.of(List.of(owner), 1);
  }

  private byte[] sign(Role role) {
    return RoleWriter.sign(role, List.of(key));
  }

  /** Adds a record to the log; its index. */
  public long append(byte[] record) {
    records.add(record);
    grow(List.of(record));
    return records.size() - 1L;
  }

  /**
   * Puts another record in a record's place and writes the whole log anew, as no honest one does.
   */
  public void replace(int index, byte[] record) {
    records.set(index, record);
    writer = open();
    grow(records);
  }

  private void grow(List<byte[]> added) {
    try {
      TreeHead head = writer.append(added);
      String text =
          new Checkpoint(log.verifier().name(), head.size(), head.root(), List.of()).text();
      SignedNote signed =
          new SignedNote(text, List.of(log.sign(text, expires))).with(witness.sign(text, expires));
      for (NoteSigner other : others.values()) {
        signed = signed.with(other.sign(text, expires));
      }
      note = signed.document();
      writer.publish(note);
    } catch (IOException impossible) {
      throw new UncheckedIOException("a log in memory", impossible);
    }
  }

  /** The records. */
  public List<byte[]> records() {
    return records;
  }

  /** A proof of a record under the newest checkpoint. */
  public String proof(long index) {
    try {
      List<Digest> path = new TileTree(new Memory(), records.size()).inclusion(index);
      return new LogProof(index, path, note).text();
    } catch (SigningException | IOException impossible) {
      throw new IllegalStateException("a log in memory", impossible);
    }
  }

  /** The policy of the log: one log, its own witness, which must have cosigned, and others. */
  public byte[] policy() {
    StringBuilder text = new StringBuilder("log ").append(log.verifier().text());
    text.append("\nwitness local ").append(witness.verifier().text());
    others.forEach(
        (label, other) ->
            text.append("\nwitness ").append(label).append(' ').append(other.verifier().text()));
    return text.append("\nquorum local\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * All files of one state: metadata of the next version, the trust files under their digests, the
   * log.
   *
   * @param targets the index documents, and {@code trust/registry.json}, by their paths
   * @return by path, without a slash at the beginning
   */
  public Map<String, byte[]> files(Map<String, byte[]> targets) {
    version++;
    Map<String, byte[]> files = new TreeMap<>();
    Map<String, byte[]> trusted = new TreeMap<>();
    trusted.put("trust/log.policy", policy());
    Map<String, Map<String, Role.TargetFile>> named = new TreeMap<>();
    BINS.forEach(bin -> named.put(bin, new TreeMap<>()));
    Map<String, Role.TargetFile> top = new TreeMap<>();
    targets.forEach(
        (path, content) -> {
          if (path.startsWith("index/")) {
            String hex = Digest.of(path.getBytes(StandardCharsets.UTF_8)).hex();
            named.getOrDefault(PREFIX + '-' + hex.charAt(0), top).put(path, target(content));
          } else {
            trusted.put(path, content);
          }
        });
    trusted.forEach(
        (path, content) -> {
          top.put(path, target(content));
          int file = path.lastIndexOf('/') + 1;
          String prefix = path.substring(0, file) + Digest.of(content).hex();
          files.put(prefix + '.' + path.substring(file), content);
        });
    Map<String, Role.MetaFile> meta = new LinkedHashMap<>();
    Role.Delegations packages =
        new Role.Delegations(
            keys(),
            List.of(
                new Role.DelegatedRole(
                    "packages", signers(), List.of("index/*/*/*"), List.of(), true)),
            null);
    Role.Delegations bins =
        new Role.Delegations(keys(), List.of(), new Role.HashBins(signers(), BIN_BITS, PREFIX));
    put(files, meta, "targets", new Role.Targets(version, expires, top, packages));
    put(files, meta, "packages", new Role.Targets(version, expires, Map.of(), bins));
    named.forEach(
        (bin, list) -> put(files, meta, bin, new Role.Targets(version, expires, list, null)));
    byte[] snapshot = sign(new Role.Snapshot(version, expires, meta));
    files.put("tuf/" + version + ".snapshot.json", snapshot);
    files.put(
        "tuf/timestamp.json",
        sign(
            new Role.Timestamp(
                version,
                expires,
                new Role.MetaFile(
                    version,
                    (long) snapshot.length,
                    Map.of("sha256", Digest.of(snapshot).hex())))));
    files.put("tuf/1.root.json", root());
    tiles.forEach((path, content) -> files.put("log/" + path, content));
    return files;
  }

  private void put(
      Map<String, byte[]> files, Map<String, Role.MetaFile> meta, String name, Role.Targets role) {
    files.put("tuf/" + version + '.' + name + ".json", sign(role));
    meta.put(name + ".json", new Role.MetaFile(version, null, Map.of()));
  }

  private static Role.TargetFile target(byte[] content) {
    return new Role.TargetFile(content.length, Map.of("sha256", Digest.of(content).hex()));
  }

  /** The files of the log, in memory. */
  private final class Memory implements TileStore {
    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(tiles.get(path));
    }

    @Override
    public void write(Map<String, byte[]> files) {
      tiles.putAll(files);
    }

    @Override
    public void deleteFolder(String path) {
      tiles.keySet().removeIf(each -> each.startsWith(path + '/'));
    }
  }
}

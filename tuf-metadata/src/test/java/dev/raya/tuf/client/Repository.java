package dev.raya.tuf.client;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A repository in memory whose every file a test may change. */
final class Repository implements TufSource {
  static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  static final Instant LATER = Instant.parse("2026-07-01T00:00:00Z");
  static final Instant PAST = Instant.parse("2026-05-01T00:00:00Z");

  final Map<String, byte[]> files = new LinkedHashMap<>();
  final List<String> asked = new ArrayList<>();
  final Map<Kind, List<SigningKey>> signers = new LinkedHashMap<>();
  final Map<Kind, Integer> thresholds = new LinkedHashMap<>();
  final Map<String, Role.MetaFile> meta = new LinkedHashMap<>();
  final Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
  Role.Delegations delegations = new Role.Delegations(Map.of(), List.of(), null);
  boolean consistent = true;

  Repository() {
    int number = 1;
    for (Kind kind : Kind.values()) {
      signers.put(kind, List.of(key(number++)));
      thresholds.put(kind, 1);
    }
    root(1, LATER, by(Kind.ROOT));
    publish(1);
  }

  /** Who signs a role. */
  List<SigningKey> by(Kind kind) {
    return Objects.requireNonNull(signers.get(kind), kind.id());
  }

  byte[] file(String name) {
    return Objects.requireNonNull(files.get(name), name);
  }

  /** Puts another file in a file's place, and gives the former one. */
  byte[] replace(String name, byte[] document) {
    byte[] former = file(name);
    files.put(name, document);
    return former;
  }

  static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  static RoleKeys signedBy(int threshold, SigningKey... keys) {
    return RoleKeys.of(
        java.util.Arrays.stream(keys).map(k -> TufKey.of(k.verificationKey())).toList(), threshold);
  }

  static Map<String, TufKey> keys(SigningKey... keys) {
    Map<String, TufKey> map = new LinkedHashMap<>();
    for (SigningKey signer : keys) {
      TufKey key = TufKey.of(signer.verificationKey());
      map.put(key.keyId().hex(), key);
    }
    return map;
  }

  void root(long version, Instant expires, List<SigningKey> by) {
    Map<String, TufKey> keys = new LinkedHashMap<>();
    Map<Kind, RoleKeys> roles = new LinkedHashMap<>();
    signers.forEach(
        (kind, list) -> {
          SigningKey[] array = list.toArray(new SigningKey[0]);
          keys.putAll(keys(array));
          roles.put(kind, signedBy(thresholds.getOrDefault(kind, 1), array));
        });
    Role.Root root = new Role.Root(version, expires, consistent, keys, roles);
    files.put(version + ".root.json", RoleWriter.sign(root, by));
  }

  /** Targets, snapshot and timestamp, all of one version. */
  void publish(long version) {
    targets(version, LATER);
    snapshot(version, LATER);
    timestamp(version, LATER);
  }

  void targets(long version, Instant expires) {
    Role.Targets role = new Role.Targets(version, expires, targets, delegations);
    put("targets", version, RoleWriter.sign(role, by(Kind.TARGETS)));
  }

  void delegated(
      String name, long version, Role.Delegations further, List<SigningKey> by, String... named) {
    Map<String, Role.TargetFile> list = new LinkedHashMap<>();
    for (String path : named) {
      list.put(path, target(path));
    }
    put(name, version, RoleWriter.sign(new Role.Targets(version, LATER, list, further), by));
  }

  /** A delegated role whose file says a name, its own or another. */
  void named(
      String name,
      long version,
      String said,
      Role.Delegations further,
      SigningKey by,
      String... listed) {
    Map<String, Role.TargetFile> list = new LinkedHashMap<>();
    for (String path : listed) {
      list.put(path, target(path));
    }
    Role.Targets role = new Role.Targets(version, LATER, list, further, said);
    put(name, version, RoleWriter.sign(role, List.of(by)));
  }

  /** A delegated role as somebody signed it. */
  void put(String name, long version, byte[] document) {
    String file = Quoting.segment(name) + ".json";
    files.put(consistent ? version + "." + file : file, document);
    meta.put(name + ".json", new Role.MetaFile(version, null, Map.of()));
  }

  /** A target whose content is its path. */
  Role.TargetFile target(String path) {
    return target(path, path);
  }

  /** A target; with another content it is another file beside the former one. */
  Role.TargetFile target(String path, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    String hash = Digest.of(content).hex();
    int slash = path.lastIndexOf('/') + 1;
    String prefix = consistent ? hash + '.' : "";
    files.put("t/" + path.substring(0, slash) + prefix + path.substring(slash), content);
    return new Role.TargetFile(content.length, Map.of("sha256", hash));
  }

  void snapshot(long version, Instant expires) {
    Role.Snapshot role = new Role.Snapshot(version, expires, meta);
    files.put(
        consistent ? version + ".snapshot.json" : "snapshot.json",
        RoleWriter.sign(role, by(Kind.SNAPSHOT)));
    snapshotMeta = new Role.MetaFile(version, null, Map.of());
  }

  Role.MetaFile snapshotMeta = new Role.MetaFile(1, null, Map.of());

  void timestamp(long version, Instant expires) {
    Role.Timestamp role = new Role.Timestamp(version, expires, snapshotMeta);
    files.put("timestamp.json", RoleWriter.sign(role, by(Kind.TIMESTAMP)));
  }

  @Override
  public Optional<byte[]> metadata(String path, long limit) throws IOException {
    asked.add(path);
    byte[] file = files.get(path);
    if (file != null && file.length > limit) {
      throw new IOException("larger than " + limit);
    }
    return Optional.ofNullable(file);
  }

  @Override
  public boolean target(String path, Path file, long limit) throws IOException {
    asked.add(path);
    byte[] content = files.get("t/" + path);
    if (content == null) {
      return false;
    }
    if (content.length > limit) {
      throw new IOException("larger than " + limit);
    }
    Files.write(file, content);
    return true;
  }
}

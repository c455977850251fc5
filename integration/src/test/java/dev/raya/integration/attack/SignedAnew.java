package dev.raya.integration.attack;

import dev.raya.cache.digest.Digest;
import dev.raya.integration.attack.TamperingProxy.Reply;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The metadata of a registry as whoever has its keys may sign it anew, one role at a time: what
 * names the role is signed again with it, so that a client finds fault with that role alone.
 */
final class SignedAnew {
  /** Far above what the registry itself has reached. */
  private static final long FURTHER = 1_000;

  private static final int MAX_SNAPSHOT = 16 << 20;

  private final String url;
  private final TrustKeys keys;
  private final HttpClient http;

  SignedAnew(String url, TrustKeys keys, HttpClient http) {
    this.url = url;
    this.keys = keys;
    this.http = http;
  }

  /** The bin that names the index document of a package. */
  static String bin(String name) {
    String path = "index/" + new PackageName(name).indexPath();
    return "bin-" + Digest.of(path.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 3);
  }

  /** Answers with these files where they are asked for. */
  static TamperingProxy.Tampering serving(Map<String, byte[]> files) {
    return (path, honest) -> {
      byte[] other = files.get(path);
      return other == null ? honest : new Reply(200, other, "", 0);
    };
  }

  byte[] served(String path) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + "/" + path)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException(path + ": " + answer.statusCode());
    }
    return answer.body();
  }

  Role.Timestamp timestamp() throws Exception {
    return RoleReader.timestamp(served("tuf/timestamp.json")).role();
  }

  Role.Snapshot snapshot() throws Exception {
    return RoleReader.snapshot(
            served("tuf/" + timestamp().snapshot().version() + ".snapshot.json"), MAX_SNAPSHOT)
        .role();
  }

  long version(String role) throws Exception {
    Role.MetaFile file = snapshot().files().get(role + ".json");
    if (file == null) {
      throw new IllegalStateException("the snapshot names no " + role);
    }
    return file.version();
  }

  Role.Targets targets(String role) throws Exception {
    return RoleReader.targets(served("tuf/" + version(role) + "." + role + ".json")).role();
  }

  private List<SigningKey> keysOf(String role) throws Exception {
    return keys.load(
        role.startsWith("bin-")
            ? RegistryRole.BIN
            : RegistryRole.valueOf(role.toUpperCase(java.util.Locale.ROOT)));
  }

  /** The role as it is, but good until then. */
  Map<String, byte[]> until(String role, Instant expires) throws Exception {
    return switch (role) {
      case "root" -> {
        Role.Root root = RoleReader.root(served("tuf/1.root.json")).role();
        yield Map.of(
            "/tuf/2.root.json",
            RoleWriter.sign(
                new Role.Root(2, expires, root.consistentSnapshot(), root.keys(), root.roles()),
                keysOf(role)));
      }
      case "timestamp" -> timestamp(timestamp().snapshot(), FURTHER, expires);
      case "snapshot" -> snapshot(snapshot().files(), FURTHER, expires);
      default -> {
        Role.Targets before = targets(role);
        yield role(
            role,
            new Role.Targets(
                before.version() + FURTHER,
                expires,
                before.targets(),
                before.delegations(),
                before.name()));
      }
    };
  }

  /** A timestamp so many versions on. */
  Map<String, byte[]> timestamp(Role.MetaFile snapshot, long further, Instant expires)
      throws Exception {
    return Map.of(
        "/tuf/timestamp.json",
        RoleWriter.sign(
            new Role.Timestamp(timestamp().version() + further, expires, snapshot),
            keysOf("timestamp")));
  }

  /** A snapshot of these files so many versions on, and a timestamp that names it. */
  Map<String, byte[]> snapshot(Map<String, Role.MetaFile> files, long further, Instant expires)
      throws Exception {
    long version = snapshot().version() + further;
    byte[] signed = RoleWriter.sign(new Role.Snapshot(version, expires, files), keysOf("snapshot"));
    Map<String, byte[]> served = new LinkedHashMap<>();
    served.put("/tuf/" + version + ".snapshot.json", signed);
    served.putAll(
        timestamp(
            new Role.MetaFile(
                version, (long) signed.length, Map.of("sha256", Digest.of(signed).hex())),
            FURTHER,
            timestamp().expires()));
    return served;
  }

  /** A snapshot in which one file has that version, and a timestamp that names it. */
  Map<String, byte[]> naming(String role, long version) throws Exception {
    Map<String, Role.MetaFile> files = new TreeMap<>(snapshot().files());
    files.put(role + ".json", new Role.MetaFile(version, null, Map.of()));
    return snapshot(files, FURTHER, snapshot().expires());
  }

  /** That role, and all above it. */
  Map<String, byte[]> role(String role, Role.Targets as) throws Exception {
    Map<String, byte[]> served = new LinkedHashMap<>(naming(role, as.version()));
    served.put("/tuf/" + as.version() + "." + role + ".json", RoleWriter.sign(as, keysOf(role)));
    return served;
  }
}

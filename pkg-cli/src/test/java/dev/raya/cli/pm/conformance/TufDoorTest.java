package dev.raya.cli.pm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TufKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door of the TUF suite, over real HTTP. */
final class TufDoorTest {
  private static final Instant EXPIRES = Instant.parse("2099-01-01T00:00:00Z");
  private static final List<SigningKey> KEYS = List.of(SigningKey.ofSeed(new byte[32]));

  @TempDir Path folder = Path.of("");

  private static Map<String, byte[]> repository() {
    TufKey key = TufKey.of(KEYS.getFirst().verificationKey());
    Map<Kind, RoleKeys> roles = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      roles.put(kind, RoleKeys.of(List.of(key), 1));
    }
    byte[] content = "content".getBytes(StandardCharsets.UTF_8);
    String hash = Digest.of(content).hex();
    Role.MetaFile first = new Role.MetaFile(1, null, Map.of());
    Role.TargetFile target = new Role.TargetFile(content.length, Map.of("sha256", hash));
    Map<String, byte[]> files = new LinkedHashMap<>();
    put(files, "1.root", new Role.Root(1, EXPIRES, true, Map.of(key.keyId().hex(), key), roles));
    put(files, "timestamp", new Role.Timestamp(1, EXPIRES, first));
    put(files, "1.snapshot", new Role.Snapshot(1, EXPIRES, Map.of("targets.json", first)));
    put(files, "1.targets", new Role.Targets(1, EXPIRES, Map.of("a b", target), null));
    files.put("/t/" + hash + ".a%20b", content);
    return files;
  }

  private static void put(Map<String, byte[]> files, String name, Role role) {
    files.put("/m/" + name + ".json", RoleWriter.sign(role, KEYS));
  }

  @Test
  void aRepositoryIsTrustedRefreshedAndDownloadedFrom() throws Exception {
    Map<String, byte[]> files = repository();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] file = files.get(exchange.getRequestURI().getRawPath());
          exchange.sendResponseHeaders(file == null ? 404 : 200, file == null ? -1 : file.length);
          if (file != null) {
            exchange.getResponseBody().write(file);
          }
          exchange.close();
        });
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort();
      Path root = Files.write(folder.resolve("first.json"), repository().get("/m/1.root.json"));
      Pm pm = Pm.in(folder).project("# none");
      String[] tuf = {"conformance", "tuf", "--metadata-url", base + "/m", "--metadata-dir", "md"};

      assertThat(run(pm, tuf, "refresh")).isEqualTo(1);
      assertThat(
              pm.run("conformance", "tuf", "--metadata-dir", "md", "init", root.toString()).exit())
          .isZero();
      assertThat(run(pm, tuf, "refresh")).isZero();
      assertThat(run(pm, tuf, to(base, "--target-name", "a b"))).isZero();
      assertThat(run(pm, tuf, to(base, "--target-name", "a b", "--target-name", "c"))).isEqualTo(1);
      assertThat(run(pm, tuf, "download", "--target-name", "a b")).isEqualTo(1);
      files.remove("/m/timestamp.json");
      assertThat(run(pm, tuf, "refresh")).isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  private static String[] to(String base, String... names) {
    List<String> words = new java.util.ArrayList<>(List.of(names));
    words.addAll(List.of("--target-dir", "out", "--target-base-url", base + "/t/", "download"));
    return words.toArray(new String[0]);
  }

  private static int run(Pm pm, String[] words, String... more) {
    List<String> all = new java.util.ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return pm.run(all.toArray(new String[0])).exit();
  }
}

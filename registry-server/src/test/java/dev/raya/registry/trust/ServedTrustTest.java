package dev.raya.registry.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.splice.Splice;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.ops.VerifyForTests;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TilePath;
import dev.raya.signing.tile.TileSource;
import dev.raya.signing.tile.TileTree;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.client.TufSource;
import dev.raya.tuf.role.RoleReader;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client needs in order to believe a registry, over HTTP and with the client's classes. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ServedTrustTest {
  @TestHTTPResource("/")
  @Nullable URL address;

  @TempDir @Nullable Path folder;

  private Client reader() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return Client.anonymous(address);
  }

  private Client publisher(String name) throws Exception {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return Client.publisher(address, name);
  }

  private Path folder() {
    if (folder == null) {
      throw new IllegalStateException("JUnit sets the folder");
    }
    return folder;
  }

  private static byte[] fetched(Client.Answer answer) throws IOException {
    if (answer.status() != 200) {
      throw new IOException("status " + answer.status());
    }
    return answer.body();
  }

  private Optional<byte[]> read(String path) throws IOException {
    try {
      Client.Answer answer = reader().get(path);
      return answer.status() == 404 ? Optional.empty() : Optional.of(fetched(answer));
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private TufClient client() throws Exception {
    Path home = folder().resolve("client");
    TufClient.init(home, read("tuf/1.root.json").orElseThrow());
    TufSource source =
        new TufSource() {
          @Override
          public Optional<byte[]> metadata(String path, long limit) throws IOException {
            return read("tuf/" + path);
          }

          @Override
          public boolean target(String path, Path file, long limit) throws IOException {
            Optional<byte[]> found = read(path);
            if (found.isPresent()) {
              Files.write(file, found.get());
            }
            return found.isPresent();
          }
        };
    return new TufClient(home, source, InstantSource.system().instant());
  }

  @Test
  void theIndexDocumentOfAPublishIsATargetAndItsRecordIsInACosignedLog() throws Exception {
    Client ann = publisher("ann-trust");
    Client.Answer answer = ann.publish(TestPackage.of("trusted", "1.0.0"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);

    TufClient tuf = client();
    Path targets = folder().resolve("targets");
    LogPolicy policy = LogPolicy.parse(Files.readString(tuf.download("trust/log.policy", targets)));
    assertThat(Files.readAllBytes(tuf.download("trust/registry.json", targets)))
        .isEqualTo(read("index/config.json").orElseThrow());
    for (String path : List.of("trust/sigstore.json", "trust/oidc.json", "advisories/osv.json")) {
      assertThat(tuf.download(path, targets)).exists();
    }
    String index = "index/" + new PackageName("trusted").indexPath();
    String document = Files.readString(tuf.download(index, targets));
    assertThat(document).contains("\"version\":\"1.0.0\"");
    assertThat(tuf.find("index/00/00/nosuch")).isEmpty();

    byte[] leaf = CanonicalJson.bytes(answer.value("leaf"));
    LogProof proof = LogProof.parse(answer.member("proof"));
    assertThat(proof.index()).isEqualTo(Long.parseLong(answer.member("log")));
    Checkpoint first = proof.verify(LogRecord.leafHash(leaf), policy);
    assertThat(first.origin()).isEqualTo("registry.example");

    assertThat(ann.publish(TestPackage.of("trusted", "1.1.0")).status()).isEqualTo(201);
    Checkpoint now = policy.verify(read("log/checkpoint").orElseThrow());
    assertThat(now.size()).isGreaterThan(first.size());
    TileSource tiles = path -> read("log/" + path);
    TileTree tree = new TileTree(tiles, now.size());
    tree.requireRoot(now.root());
    assertThat(
            MerkleProofs.consistent(
                first.size(), now.size(), first.root(), now.root(), tree.consistency(first.size())))
        .isTrue();
    long bundle = proof.index() / TilePath.FULL;
    int width = (int) Math.min(TilePath.FULL, now.size() - bundle * TilePath.FULL);
    assertThat(TileLog.entries(tiles, bundle, width).get((int) (proof.index() % TilePath.FULL)))
        .isEqualTo(leaf);
    Client.Answer again = ann.publish(TestPackage.of("trusted", "1.1.0"));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.member("proof")).contains("c2sp.org/tlog-proof@v1");
    assertThat(VerifyForTests.run()).isZero();
  }

  @Test
  void aBatchBringsMetadataOfOneSnapshotAndProofsAndThenOnlyWhatChanged() throws Exception {
    Client ann = publisher("ann-batch");
    Client.Answer published = ann.publish(TestPackage.of("batched", "1.0.0"));
    assertThat(published.status()).isEqualTo(201);
    List<Frame> first =
        frames(
            ann.post(
                "index/batch",
                "{\"have\":{},\"names\":[[\"batched\",0,0]],\"leaves\":["
                    + published.member("log")
                    + "]}"));
    List<String> paths = first.stream().map(Frame::path).toList();
    assertThat(paths.getFirst()).isEqualTo("tuf/1.root.json");
    assertThat(paths)
        .contains("tuf/timestamp.json", targets(newestTargets()), "tuf/1.packages.json")
        .anyMatch(path -> path.matches("tuf/[0-9]+\\.bin-[0-9a-f]{3}\\.json"))
        .anyMatch(path -> path.matches("advisories/[0-9a-f]{64}\\.quarantine\\.json"))
        .anyMatch(path -> path.startsWith("index/"));
    Frame leaf = first.stream().filter(frame -> frame.head().has("leaf")).findFirst().orElseThrow();
    String text = new String(leaf.bytes(), StandardCharsets.UTF_8);
    int line = text.indexOf('\n');
    LogPolicy policy =
        LogPolicy.parse(new String(read("trust/log.policy").orElseThrow(), StandardCharsets.UTF_8));
    LogProof.parse(text.substring(line + 1))
        .verify(
            LogRecord.leafHash(text.substring(0, line).getBytes(StandardCharsets.UTF_8)), policy);
    byte[] snapshot = bytes(first, "\\.snapshot\\.json");
    byte[] timestamp = bytes(first, "timestamp\\.json");
    long advisories = RoleReader.targets(bytes(first, "advisories\\.json")).role().version();

    Json have =
        Json.object()
            .put("snapshot", Digest.of(snapshot).hex())
            .put("timestamp", Digest.of(timestamp).hex())
            .put("root", 1)
            .put("targets", newestTargets())
            .put("packages", 1)
            .put("advisories", advisories)
            .build();
    assertThat(ann.publish(TestPackage.of("batched", "1.1.0")).status()).isEqualTo(201);
    List<Frame> second =
        frames(
            ann.post(
                "index/batch",
                CanonicalJson.text(
                    Json.object()
                        .put("have", have)
                        .put("names", JsonReader.read("[[\"batched\",1,0]]"))
                        .build())));
    Frame spliced =
        second.stream()
            .filter(frame -> frame.path().contains(".snapshot.json"))
            .findFirst()
            .orElseThrow();
    assertThat(spliced.head().string("base")).isEqualTo(Digest.of(snapshot).hex());
    assertThat(spliced.bytes().length).isLessThan(2_000);
    byte[] current = Splice.apply(snapshot, spliced.bytes(), 1 << 20).orElseThrow();
    assertThat(current).isEqualTo(read(spliced.path()).orElseThrow());
    assertThat(second.stream().map(Frame::path))
        .doesNotContain("tuf/1.root.json", targets(newestTargets()), "tuf/1.packages.json")
        .noneMatch(path -> path.contains("advisories"));
  }

  private static String targets(long version) {
    return "tuf/" + version + ".targets.json";
  }

  /** The version in force: other tests of this run change what is signed there. */
  private static long newestTargets() throws Exception {
    try (Stream<Path> files = Files.list(RunningRegistry.directory().tree().resolve("tuf"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]+\\.targets\\.json"))
          .mapToLong(name -> Long.parseLong(name.substring(0, name.indexOf('.'))))
          .max()
          .orElseThrow();
    }
  }

  private record Frame(JsonFields head, byte[] bytes) {
    String path() {
      try {
        return head.has("path") ? head.string("path") : "";
      } catch (dev.raya.cache.json.JsonException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static byte[] bytes(List<Frame> frames, String name) {
    return frames.stream()
        .filter(frame -> frame.path().matches("tuf/.*" + name))
        .findFirst()
        .orElseThrow()
        .bytes();
  }

  private static List<Frame> frames(Client.Answer answer) throws Exception {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    byte[] body = answer.body();
    List<Frame> frames = new ArrayList<>();
    int at = 0;
    while (true) {
      int line = at;
      while (body[line] != '\n') {
        line++;
      }
      JsonFields head = JsonFields.root(JsonReader.read(Arrays.copyOfRange(body, at, line)));
      at = line + 1;
      if (head.has("end")) {
        return frames;
      }
      int length = head.has("length") ? (int) head.integer("length") : 0;
      frames.add(new Frame(head, Arrays.copyOfRange(body, at, at + length)));
      at += length;
    }
  }

  @Test
  void cachesAreToldWhatStays() throws Exception {
    Client reader = reader();
    assertThat(reader.get("log/checkpoint").header("Cache-Control")).isEqualTo("public, max-age=5");
    assertThat(reader.get("tuf/timestamp.json").header("Cache-Control"))
        .isEqualTo("public, max-age=60");
    assertThat(reader.get(targets(newestTargets())).header("Cache-Control")).contains("immutable");
    assertThat(reader.get("trust/log.policy").status()).isEqualTo(200);
    for (String path :
        List.of(
            "tuf/targets.json",
            "tuf/..%2f1.root.json",
            "log/tile/0/000.p/0",
            "log/tile/9/000",
            "trust/a/b",
            "claimed/3f/a2",
            "advisories/0.quarantine.json")) {
      assertThat(reader.get(path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void oneFlippedByteOfATileOrOfMetadataIsFoundByVerify() throws Exception {
    Client ann = publisher("ann-flip");
    assertThat(ann.publish(TestPackage.of("flipped", "1.0.0")).status()).isEqualTo(201);
    Path tree = RunningRegistry.directory().tree();
    long size =
        LogPolicy.parse(Files.readString(tree.resolve("trust/log.policy")))
            .verify(Files.readAllBytes(tree.resolve("log/checkpoint")))
            .size();
    TilePath last =
        new TilePath(
            TilePath.ENTRIES, (size - 1) / TilePath.FULL, (int) ((size - 1) % TilePath.FULL) + 1);
    for (Path file :
        List.of(
            tree.resolve("log").resolve(last.text()),
            tree.resolve(targets(newestTargets())),
            tree.resolve("tuf/timestamp.json"))) {
      byte[] bytes = Files.readAllBytes(file);
      byte[] flipped = bytes.clone();
      flipped[bytes.length / 2] ^= 1;
      Files.write(file, flipped);
      assertThat(VerifyForTests.run()).as(file.toString()).isEqualTo(3);
      Files.write(file, bytes);
    }
    assertThat(VerifyForTests.run()).isZero();
  }
}

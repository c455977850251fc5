package dev.raya.integration.bench;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Publishes a universe to a registry through its public door: real bytecode, signed statements. */
final class RayaLoader {
  private static final int AT_ONCE = 4;
  private static final String BOUNDARY = "----raya-benchmark";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI registry;
  private final String token;
  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final List<Published> published = new CopyOnWriteArrayList<>();

  /**
   * A version that the registry took.
   *
   * @param log index of its record
   * @param nanos from the request's first byte to the answer, which waits for the log's number and
   *     for the signed index document
   */
  record Published(String name, long log, long nanos) {}

  RayaLoader(String registry, String token) {
    this.registry = URI.create(registry + "/");
    this.token = token;
  }

  /** What was published so far. */
  List<Published> published() {
    return List.copyOf(published);
  }

  void load(Universe universe) throws IOException, InterruptedException {
    send(
        "keys",
        "application/json",
        CanonicalJson.bytes(
            Json.object()
                .put("publicKey", key.verificationKey().base64())
                .put("proof", KeyPossession.prove(origin(), key))
                .build()));
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (String version : Universe.VERSIONS) {
        List<Future<?>> pending = new ArrayList<>();
        for (Universe.Pkg pkg : universe.packages().values()) {
          pending.add(
              threads.submit(
                  () -> {
                    publish(pkg, version);
                    return null;
                  }));
        }
        for (Future<?> each : pending) {
          each.get();
        }
      }
    } catch (ExecutionException failed) {
      throw new IOException("publishing failed", failed);
    }
  }

  private String origin() {
    String text = registry.toString();
    return text.substring(0, text.length() - 1);
  }

  private void publish(Universe.Pkg pkg, String version) throws IOException, InterruptedException {
    Map<String, Content> files = new TreeMap<>();
    files.put("module.rbin", Content.of(module(pkg, version)));
    files.put("metadata.json", Content.of(CanonicalJson.bytes(metadata(pkg, version))));
    files.put("README.md", Content.of(Universe.utf8("# " + pkg.name() + "\n")));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, files, out);
    byte[] bundle =
        PublishBundle.sign(
                new PublishStatement(
                    pkg.name(),
                    version,
                    facts.checksum(),
                    List.of(),
                    facts.tree(),
                    List.of(),
                    null,
                    new PublishStatement.PackingToolchain("1.0.0", Digest.of(new byte[0]))),
                key)
            .bytes();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(
        body,
        "publish",
        "application/json",
        CanonicalJson.bytes(announcement(pkg, version, facts, bundle)));
    part(body, "archive", "application/zstd", out.toByteArray());
    part(body, "attestation", PublishBundle.MEDIA_TYPE, bundle);
    body.writeBytes(Universe.utf8("--" + BOUNDARY + "--\r\n"));
    long start = System.nanoTime();
    String answer =
        send("publish", "multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
    long nanos = System.nanoTime() - start;
    try {
      long log = JsonFields.root(JsonReader.read(Universe.utf8(answer))).integer("log");
      published.add(new Published(pkg.name(), log, nanos));
    } catch (JsonException malformed) {
      throw new IOException(answer, malformed);
    }
  }

  private static void part(ByteArrayOutputStream body, String name, String type, byte[] bytes) {
    body.writeBytes(
        Universe.utf8(
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\""
                + name
                + "\"; filename=\""
                + name
                + "\"\r\nContent-Type: "
                + type
                + "\r\n\r\n"));
    body.writeBytes(bytes);
    body.writeBytes(Universe.utf8("\r\n"));
  }

  private static Json.Obj announcement(
      Universe.Pkg pkg, String version, ArchiveFacts facts, byte[] bundle) {
    return Json.object()
        .put("schema", "raya/publish/1")
        .put("name", pkg.name())
        .put("version", version)
        .put(
            "archive",
            Json.object()
                .put("sha256", facts.checksum().hex())
                .put("size", facts.size())
                .put("tree", facts.tree().hex())
                .build())
        .put("natives", Json.array(List.of()))
        .put(
            "attestations",
            Json.array(
                List.of(
                    Json.object()
                        .put("predicateType", PublishStatement.PREDICATE_TYPE)
                        .put("size", bundle.length)
                        .put("sha256", Digest.of(bundle).hex())
                        .build())))
        .build();
  }

  private static Json.Obj metadata(Universe.Pkg pkg, String version) {
    List<Json> dependencies = new ArrayList<>();
    for (String name : pkg.dependencies()) {
      dependencies.add(Json.object().put("name", name).put("range", ">=1.0.0 <2.0.0-0").build());
    }
    Json.ObjectBuilder metadata =
        Json.object()
            .put("schema", "raya/package/1")
            .put("name", pkg.name())
            .put("version", version)
            .put("description", "A generated package")
            .put("license", "MIT")
            .put(
                "bytecode",
                Json.object()
                    .put("major", 1)
                    .put("minor", 0)
                    .put("minVm", 1)
                    .put("languageLevel", 1)
                    .build());
    if (!dependencies.isEmpty()) {
      metadata.put("dependencies", Json.array(dependencies));
    }
    return metadata.build();
  }

  /** As much bytecode as the other package managers' files have text. */
  private static byte[] module(Universe.Pkg pkg, String version) {
    RbinBuilder builder =
        new RbinBuilder(
            new RbinModule.Meta(
                pkg.name(),
                version,
                "",
                "benchmark 1",
                1,
                0,
                0,
                Sha256.ZERO,
                Sha256.ZERO,
                Sha256.ZERO));
    int module = builder.module("", true);
    int type = builder.functionType(List.of(), PredefinedType.VOID);
    Random random = new Random(pkg.seed() + version.hashCode());
    int number = 0;
    for (String text : pkg.files().values()) {
      FunctionBuilder body =
          builder.function(module, "f" + number, type, RbinModule.FunctionDef.EXPORTED);
      for (int at = 0; at < text.length(); at += 120) {
        body.constant(random.nextInt(1000) + text.substring(at, Math.min(text.length(), at + 120)))
            .builtin("console.log", 1);
      }
      body.emit(Opcode.RETURN_VOID);
      builder.export(module, "f" + number++, RbinModule.ExportKind.FUNCTION, body.handle());
    }
    try {
      return RbinWriter.write(builder.build());
    } catch (RbinException e) {
      throw new IllegalStateException(e);
    }
  }

  private String send(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(registry.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(path + ": " + answer.statusCode() + ' ' + answer.body());
    }
    return answer.body();
  }
}

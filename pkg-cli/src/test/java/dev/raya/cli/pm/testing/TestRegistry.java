package dev.raya.cli.pm.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.training.SignedFiles;
import dev.raya.resolver.index.IndexDocumentWriter;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.index.RegistryConfigCodec;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.NativeSubject;
import dev.raya.signing.statement.PublishStatement;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this process: real documents, archives, records and signatures over real HTTP, held
 * in memory. Tests tamper with what it serves through {@link #tamper}. The server's own acceptance
 * of uploads is not here; the registry module and the journeys test that.
 */
public final class TestRegistry implements AutoCloseable {
  private static final Instant TIME = Instant.parse("2026-01-06T12:00:00Z");
  private static final long ACCOUNT = 17;

  private final HttpServer server;
  private final byte[] root;
  private final SigningKey key;
  private final SignedFiles signed;
  private Map<String, byte[]> metadata = Map.of();
  private boolean changed = true;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, UnaryOperator<byte[]>> tampering = new ConcurrentHashMap<>();
  private volatile UnaryOperator<String> forge = proof -> proof;
  private final Map<String, Long> previous = new LinkedHashMap<>();
  private final Map<String, Promotion> promotions = new ConcurrentHashMap<>();
  private final TestBatches batches = new TestBatches(new Shelf());
  private final RegisteredKeys registered = new RegisteredKeys(ACCOUNT);
  private final List<List<byte[]>> uploads = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String authorization = "";
  private volatile Identity.@Nullable Oidc run;

  /** Starts a registry on a free loopback port; the same seed gives the same root and key. */
  public static TestRegistry start(int seed) {
    try {
      return new TestRegistry(seed, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a registry on a port, for tests that put another one in the place of the first. */
  public static TestRegistry startAt(int seed, int port) {
    try {
      return new TestRegistry(seed, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TestRegistry(int seed, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    key = SigningKey.ofSeed(bytes);
    signed = new SignedFiles(key, origin(), TIME.plus(Duration.ofDays(3650)));
    root = signed.root();
    server.createContext("/", this::handle);
    server.start();
    files.put("/index/config.json", config());
  }

  private byte[] config() {
    return RegistryConfigCodec.write(
        new RegistryConfig(
            origin(),
            "",
            "blobs/",
            "index/",
            "log/",
            "tuf/",
            List.of(),
            Map.of(),
            Duration.ZERO,
            null));
  }

  /** Its URL and its own name for itself. */
  public String origin() {
    return "http://127.0.0.1:" + port();
  }

  /** Its port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** The fingerprint of its first root. */
  public Digest fingerprint() {
    return Digest.of(root);
  }

  /** The key of its publisher. */
  public SigningKey key() {
    return key;
  }

  /** What was asked for so far: method and path. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Forgets what was asked for. */
  public void forgetRequests() {
    requests.clear();
  }

  /** Serves a JSON document under a path, whatever the method. */
  public void document(String path, String json) {
    files.put(path, json.getBytes(StandardCharsets.UTF_8));
  }

  /** The Authorization header of the last request that had one. */
  public String lastAuthorization() {
    return authorization;
  }

  /** Takes away what is served under a path. */
  public synchronized void remove(String path) {
    files.remove(path);
    changed = true;
  }

  /**
   * Changes what is served under a path from now on. Of a package's index document the registry
   * then signs the changed one, as a registry does that lies.
   */
  public synchronized void tamper(String path, UnaryOperator<byte[]> change) {
    tampering.put(path, change);
    changed = true;
  }

  /** What it answers to batches. */
  public TestBatches batches() {
    return batches;
  }

  /** Shows proofs changed like this from now on. */
  public void forgeProofs(UnaryOperator<String> change) {
    forge = change;
  }

  /** Serves everything as it is again. */
  public synchronized void mend() {
    tampering.clear();
    changed = true;
  }

  /** What signed metadata names a document by. */
  public static String byDigest(String path, byte[] document) {
    int file = path.lastIndexOf('/') + 1;
    return path.substring(0, file) + Digest.of(document).hex() + "." + path.substring(file);
  }

  /** The files of TUF and log, and index documents by their digests. */
  private synchronized Map<String, byte[]> metadata() {
    if (changed) {
      Map<String, byte[]> targets = new TreeMap<>();
      Map<String, byte[]> documents = new TreeMap<>();
      files.forEach(
          (path, content) -> {
            UnaryOperator<byte[]> change = tampering.get(path);
            if (path.equals("/index/config.json")) {
              targets.put("trust/registry.json", content);
            } else if (path.startsWith("/advisories/")) {
              targets.put(path.substring(1), content);
            } else if (path.startsWith("/index/")) {
              byte[] shown = change == null ? content : change.apply(content);
              targets.put(path.substring(1), shown);
              documents.put(byDigest(path, shown), shown);
            }
          });
      signed.files(targets).forEach((path, content) -> documents.put("/" + path, content));
      metadata = Map.copyOf(documents);
      changed = false;
    }
    return metadata;
  }

  /** A file as it is now, before any tampering. */
  public byte[] file(String path) {
    byte[] file = metadata().getOrDefault(path, files.get(path));
    if (file == null) {
      throw new IllegalArgumentException("nothing is served under " + path);
    }
    return file;
  }

  /** The paths of TUF, log and index documents by their digests. */
  public List<String> signedPaths() {
    return metadata().keySet().stream().sorted().toList();
  }

  /** Publishes a version, signed by the registry's own publisher key. */
  public TestPackage.Archive publish(TestPackage version) {
    return publish(version, key, key);
  }

  /**
   * Publishes a version.
   *
   * @param signer who signs the statement
   * @param allowed whom the index names as publisher when the name is new
   */
  public TestPackage.Archive publish(TestPackage version, SigningKey signer, SigningKey allowed) {
    return publish(
        version,
        new Identity.Key(ACCOUNT, signer.verificationKey()),
        new Identity.Key(ACCOUNT, allowed.verificationKey()),
        statement -> List.of(PublishBundle.sign(statement, signer).bytes()));
  }

  /**
   * Publishes a version under identities, with these bundles of its statement.
   *
   * @param signer whom the record names
   * @param allowed whom the index names as publisher when the name is new
   */
  public TestPackage.Archive publish(
      TestPackage version,
      Identity signer,
      Identity allowed,
      Function<PublishStatement, List<byte[]>> bundles) {
    TestPackage.Archive archive = version.archive();
    List<byte[]> signed = bundles.apply(statement(version, archive));
    record(version, archive, signed, signer, allowed, List.of());
    return archive;
  }

  /**
   * Publishes a version from a workflow, with one attestation more of the type of provenance.
   *
   * @param run of the workflow, with this registry's own key
   * @param provenance the attestation's bytes, made of the publish statement
   */
  public void publishFromWorkflow(
      TestPackage version, Identity.Oidc run, Function<PublishStatement, byte[]> provenance) {
    TestPackage.Archive archive = version.archive();
    PublishStatement statement = statement(version, archive);
    record(
        version,
        archive,
        List.of(PublishBundle.sign(statement, key).bytes()),
        run,
        new Identity.Oidc(
            run.issuer(),
            run.owner(),
            run.ownerId(),
            run.repository(),
            run.repositoryId(),
            run.workflow(),
            run.ref(),
            run.environment()),
        List.of(provenance.apply(statement)));
  }

  /** Stages a version, signed by the registry's own publisher key; gives the id. */
  public String stage(TestPackage version) {
    return stage(version, key);
  }

  /**
   * Stages a version.
   *
   * @param signer who signs the statement
   */
  public synchronized String stage(TestPackage version, SigningKey signer) {
    TestPackage.Archive archive = version.archive();
    byte[] bundle = PublishBundle.sign(statement(version, archive), signer).bytes();
    LogRecord.Attestation attestation = kept(PublishStatement.PREDICATE_TYPE, bundle);
    files.put(blobPath(archive.facts().checksum()), archive.bytes());
    String id = archive.facts().checksum().hex().substring(0, 40);
    document(
        "/stages/" + id,
        CanonicalJson.text(
            stageHead(version, id, "staged")
                .put("account", "ann")
                .put(
                    "line",
                    IndexDocumentWriter.staged(
                        IndexLine.VersionLine.staged(
                            version.metadata(),
                            archive.facts().checksum(),
                            archive.facts().size(),
                            archive.facts().tree())))
                .put("publisher", new Identity.Key(ACCOUNT, signer.verificationKey()).json())
                .put(
                    "attestations",
                    Json.array(
                        List.of(
                            Json.object()
                                .put("predicateType", attestation.predicateType())
                                .put("size", attestation.size())
                                .put("sha256", attestation.digest().hex())
                                .build())))
                .build()));
    return id;
  }

  /** Publishes what was staged. */
  public void promote(TestPackage version, String id) {
    publish(version);
    document("/stages/" + id, CanonicalJson.text(stageHead(version, id, "published").build()));
  }

  private static Json.ObjectBuilder stageHead(TestPackage version, String id, String state) {
    return Json.object()
        .put("schema", "raya/stage/1")
        .put("state", state)
        .put("id", id)
        .put("name", version.name())
        .put("version", version.version());
  }

  private static PublishStatement statement(TestPackage version, TestPackage.Archive archive) {
    return new PublishStatement(
        version.name(),
        version.version(),
        archive.facts().checksum(),
        version.blobs().stream()
            .map(blob -> new NativeSubject(blob.module(), blob.target(), blob.sha256()))
            .toList(),
        archive.facts().tree(),
        version.needs(),
        null,
        new PublishStatement.PackingToolchain("1.0.0", Digest.of(new byte[0])));
  }

  private LogRecord.Attestation kept(String type, byte[] bundle) {
    files.put(blobPath(Digest.of(bundle)), bundle);
    return new LogRecord.Attestation(type, bundle.length, Digest.of(bundle));
  }

  private synchronized long record(
      TestPackage version,
      TestPackage.Archive archive,
      List<byte[]> bundles,
      Identity signer,
      Identity owner,
      List<byte[]> provenance) {
    List<LogRecord.Attestation> attestations = new ArrayList<>();
    bundles.forEach(each -> attestations.add(kept(PublishStatement.PREDICATE_TYPE, each)));
    provenance.forEach(each -> attestations.add(kept("https://slsa.dev/provenance/v1", each)));
    PackageName name = version.packageName();
    String path = "/index/" + name.indexPath();
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.writeBytes(files.getOrDefault(path, new byte[0]));
    if (document.size() == 0) {
      LogRecord.Package record =
          new LogRecord.Package(header(), name.text(), List.of(owner), true, false, false);
      document.writeBytes(IndexDocumentWriter.first(name));
      document.writeBytes(
          IndexDocumentWriter.line(
              new IndexLine.PackageLine(
                  append(record), TIME, List.of(owner.json()), true, false, false)));
    }
    LogRecord.Publish record =
        new LogRecord.Publish(
            header(),
            name.text(),
            version.version(),
            archive.facts().checksum(),
            archive.facts().size(),
            archive.facts().tree(),
            version.blobs().stream()
                .map(
                    blob ->
                        new LogRecord.Native(
                            blob.module(), blob.target(), blob.file(), blob.size(), blob.sha256()))
                .toList(),
            version.needs(),
            signer,
            attestations,
            previous.get(name.text()));
    long log = append(record);
    previous.put(name.text(), log);
    PackageMetadata metadata = version.metadata();
    document.writeBytes(
        IndexDocumentWriter.line(
            new IndexLine.VersionLine(
                log,
                TIME,
                metadata.version(),
                metadata.license(),
                metadata.raya(),
                metadata.bytecode(),
                metadata.dependencies(),
                metadata.constraints(),
                metadata.features(),
                metadata.capabilities(),
                archive.facts().checksum(),
                archive.facts().size(),
                archive.facts().tree(),
                version.blobs().stream()
                    .map(
                        blob ->
                            new NativeBlob(
                                blob.module(),
                                null,
                                blob.target(),
                                blob.file(),
                                blob.size(),
                                blob.sha256()))
                    .toList())));
    version.natives().values().forEach(bytes -> files.put(blobPath(Digest.of(bytes)), bytes));
    files.put(blobPath(archive.facts().checksum()), archive.bytes());
    files.put(path, document.toByteArray());
    changed = true;
    return log;
  }

  /** Names a further witness in the policy; it cosigns what is published from now on. */
  public synchronized void witnessedBy(String label, NoteSigner other) {
    signed.witnessedBy(label, other);
    changed = true;
  }

  /** Serves advisories: an OSV record for the versions of a package below its fix. */
  public synchronized void advise(String id, String name, String fixed) {
    String record =
        """
        {"advisories":[{"id":"%s","modified":"2026-01-01T00:00:00Z","summary":"Reads too far",
        "database_specific":{"severity":"HIGH"},"affected":[{"package":{"ecosystem":"Raya",
        "name":"%s"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"%s"}]}]}]}]}
        """
            .formatted(id, name, fixed);
    files.put("/advisories/osv.json", record.getBytes(StandardCharsets.UTF_8));
    changed = true;
  }

  /** Signs a list on which this version alone is held back. */
  public synchronized void quarantine(String name, String version) {
    document(
        "/advisories/quarantine.json",
        """
        {"schema":"raya/quarantine/1","versions":[{"advisory":"RAYA-2026-1","name":"%s",
        "reason":"malware","version":"%s"}]}"""
            .formatted(name, version));
    changed = true;
  }

  /**
   * Serves a new root, signed by the keys of the first one.
   *
   * @param logged whether the log holds its record
   */
  public synchronized void newRoot(long version, boolean logged) {
    try {
      Role.Root first = RoleReader.root(root).role();
      byte[] next =
          RoleWriter.sign(
              new Role.Root(version, first.expires(), true, first.keys(), first.roles()),
              List.of(key));
      files.put("/tuf/" + version + ".root.json", next);
      if (logged) {
        append(new LogRecord.Root(header(), version, Digest.of(next)));
      }
      changed = true;
    } catch (TufException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /** Marks a version as yanked. */
  public synchronized void yank(String name, String version) {
    PackageName parsed = TestPackage.of(name, version).packageName();
    String path = "/index/" + parsed.indexPath();
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.writeBytes(files.getOrDefault(path, new byte[0]));
    Version of = TestPackage.of(name, version).metadata().version();
    long log =
        append(new LogRecord.Status(header(), name, version, true, false, false, "broken", null));
    document.writeBytes(
        IndexDocumentWriter.line(
            new IndexLine.StatusLine(
                log, TIME, of, true, false, false, IndexLine.Reason.BROKEN, null)));
    files.put(path, document.toByteArray());
    changed = true;
  }

  private static LogRecord.Header header() {
    return new LogRecord.Header(TIME.toString(), Long.toString(ACCOUNT));
  }

  private long append(LogRecord record) {
    return signed.append(record.bytes());
  }

  /** Replaces a record of the log, as a dishonest registry would. */
  public synchronized void replaceLeaf(int index, byte[] leaf) {
    signed.replace(index, leaf);
    changed = true;
  }

  /** The record of that index. */
  public synchronized byte[] leaf(int index) {
    return signed.records().get(index);
  }

  /** Path of a blob. */
  public static String blobPath(Digest digest) {
    return "/blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex();
  }

  /** Path of a package's index document. */
  public static String indexPath(String name) {
    return "/index/" + TestPackage.of(name, "1.0.0").packageName().indexPath();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header != null) {
      authorization = header;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    switch (path) {
      case "/index/batch" -> {
        exchange.getResponseHeaders().set("Content-Encoding", "zstd");
        send(exchange, 200, "application/vnd.raya.batch", ZstdCoding.compress(batch(body)));
      }
      case "/search/suggest" ->
          send(
              exchange,
              200,
              "application/json",
              CanonicalJson.bytes(
                  Json.object().put("suggestions", Json.strings(suggestions(exchange))).build()));
      case "/keys" -> keys(exchange, body);
      case "/tokens/exchange" -> exchange(exchange, body);
      case "/publish" -> upload(exchange, body);
      default -> {
        Promotion promotion = promotions.get(path);
        if (promotion == null) {
          file(exchange, path);
        } else {
          promote(exchange, promotion, new String(body, StandardCharsets.UTF_8));
        }
      }
    }
  }

  /** What was published by upload: the parts of each, in order. */
  public List<List<byte[]>> uploads() {
    return List.copyOf(uploads);
  }

  private void keys(HttpExchange exchange, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      registered.register(origin(), body);
    }
    send(exchange, 200, "application/json", CanonicalJson.bytes(registered.json()));
  }

  /** From now on ID tokens are exchanged, whatever they say, for publishing as this run. */
  public void expectRun(Identity.Oidc expected) {
    run = expected;
  }

  private void exchange(HttpExchange exchange, byte[] body) throws IOException {
    try {
      run = TestRun.withKey(run, JsonFields.root(JsonReader.read(body)).string("publicKey"));
    } catch (JsonException malformed) {
      throw new IllegalStateException(malformed);
    }
    send(
        exchange,
        201,
        "application/json",
        CanonicalJson.bytes(
            Json.object().put("token", TestRun.TOKEN).put("identity", run.json()).build()));
  }

  private void upload(HttpExchange exchange, byte[] body) throws IOException {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    List<byte[]> parts = parts(body, type.substring(type.indexOf("boundary=") + 9));
    uploads.add(parts);
    try {
      JsonFields first = JsonFields.root(JsonReader.read(parts.get(0)));
      TestPackage version = TestPackage.of(first.string("name"), first.string("version"));
      int at = 2;
      for (JsonFields library : first.list("natives")) {
        version = version.with(library.string("module"), library.string("target"), parts.get(at++));
      }
      if (exchange.getRequestURI().getQuery() != null) {
        send(exchange, 200, "application/json", "{\"checks\":[]}".getBytes(StandardCharsets.UTF_8));
        return;
      }
      JsonFields archive = first.fields("archive");
      TestPackage.Archive stated =
          new TestPackage.Archive(
              parts.get(1),
              new ArchiveFacts(
                  new Digest(archive.string("sha256")),
                  archive.integer("size"),
                  new Digest(archive.string("tree"))));
      TestPackage sent = version;
      int from = at;
      if (first.bool("stage", false)) {
        String path = "/packages/" + version.name() + '/' + version.version();
        String id = archive.string("sha256").substring(0, 40);
        Json.Obj staged =
            stageHead(version, id, "staged")
                .put("sha256", archive.string("sha256"))
                .put("expires", "2026-01-13T12:00:00Z")
                .put("checks", Json.array(List.of()))
                .build();
        Supplier<byte[]> publish =
            () -> {
              document("/stages", "{\"stages\":[]}");
              return published(sent, stated, parts, from);
            };
        promotions.put(path + "/promote", new Promotion(id, publish));
        document("/stages", "{\"stages\":[" + CanonicalJson.text(staged) + "]}");
        send(exchange, 202, "application/json", CanonicalJson.bytes(staged));
        return;
      }
      send(exchange, 201, "application/json", published(sent, stated, parts, from));
    } catch (JsonException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  /** What a promotion does, and of which release. */
  private record Promotion(String id, Supplier<byte[]> publish) {}

  private void promote(HttpExchange exchange, Promotion promotion, String body) throws IOException {
    if (!body.equals("{\"again\":true}")
        && !body.equals("{\"stage\":\"" + promotion.id() + "\"}")) {
      String problem = "{\"code\":\"RAYA-REG-007\",\"detail\":\"another release\"}";
      byte[] text = problem.getBytes(StandardCharsets.UTF_8);
      send(exchange, 412, "application/problem+json", text);
      return;
    }
    send(exchange, 200, "application/json", promotion.publish().get());
  }

  /** Records an upload; what the registry answers then. */
  private byte[] published(
      TestPackage version, TestPackage.Archive stated, List<byte[]> parts, int at) {
    try {
      // The double believes its only publisher; the real registry's checks are tested there.
      boolean byRun = ("Bearer " + TestRun.TOKEN).equals(authorization);
      Identity signer = byRun ? Objects.requireNonNull(run) : registeredSigner();
      int statements = byRun ? at + 1 : parts.size();
      long log =
          record(
              version,
              stated,
              parts.subList(at, statements),
              signer,
              signer,
              parts.subList(statements, parts.size()));
      byte[] answer =
          CanonicalJson.bytes(
              Json.object()
                  .put("schema", "raya/published/1")
                  .put("log", log)
                  .put("leaf", JsonReader.read(leaf((int) log)))
                  .put("proof", forge.apply(signed.proof(log)))
                  .put("checks", Json.array(List.of()))
                  .build());
      UnaryOperator<byte[]> change = tampering.get("/publish");
      return change == null ? answer : change.apply(answer);
    } catch (JsonException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  private Identity registeredSigner() {
    return registered.first().orElse(new Identity.Key(ACCOUNT, key.verificationKey()));
  }

  private static List<byte[]> parts(byte[] body, String boundary) {
    List<byte[]> parts = new ArrayList<>();
    String text = new String(body, StandardCharsets.ISO_8859_1);
    String delimiter = "--" + boundary;
    int at = text.indexOf(delimiter);
    while (at >= 0 && !text.startsWith("--", at + delimiter.length())) {
      int start = text.indexOf("\r\n\r\n", at) + 4;
      int end = text.indexOf("\r\n" + delimiter, start);
      parts.add(text.substring(start, end).getBytes(StandardCharsets.ISO_8859_1));
      at = end + 2;
    }
    return parts;
  }

  private List<String> suggestions(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery().replace("q=", "");
    return previous.keySet().stream().filter(name -> name.startsWith(query)).sorted().toList();
  }

  private void file(HttpExchange exchange, String path) throws IOException {
    byte[] file = shown(path);
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (file != null && range != null && file.length > 0) {
      int from = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      byte[] part = from < file.length ? Arrays.copyOfRange(file, from, file.length) : new byte[0];
      send(exchange, from < file.length ? 206 : 416, "application/octet-stream", part);
      return;
    }
    if (file == null) {
      send(
          exchange,
          404,
          "application/problem+json",
          "{\"code\":\"RAYA-REG-004\",\"detail\":\"not found\",\"status\":404}"
              .getBytes(StandardCharsets.UTF_8));
      return;
    }
    String etag = "\"" + Digest.of(file).hex() + "\"";
    exchange.getResponseHeaders().set("ETag", etag);
    if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      exchange.close();
      return;
    }
    send(exchange, 200, "application/octet-stream", file);
  }

  /** What batches are made of. */
  private final class Shelf implements TestBatches.Served {
    @Override
    public byte @Nullable [] own(String path) {
      return files.get(path);
    }

    @Override
    public byte @Nullable [] shown(String path) {
      return TestRegistry.this.shown(path);
    }

    @Override
    public List<String> signedPaths() {
      return TestRegistry.this.signedPaths();
    }

    @Override
    public List<byte[]> records() {
      return signed.records();
    }

    @Override
    public String proof(long log) {
      return forge.apply(signed.proof(log));
    }
  }

  private synchronized byte[] batch(byte[] request) {
    return batches.answer(request);
  }

  /** A file as it is served now. */
  private byte @Nullable [] shown(String path) {
    byte[] file = metadata().getOrDefault(path, files.get(path));
    UnaryOperator<byte[]> change = tampering.get(path);
    return file == null || change == null ? file : change.apply(file);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

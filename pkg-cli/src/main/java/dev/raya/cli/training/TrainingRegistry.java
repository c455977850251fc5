package dev.raya.cli.training;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveWriter;
import dev.raya.cache.archive.Content;
import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.index.RegistryConfigCodec;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A registry on loopback that holds a chain of packages, so that the training run loads what an
 * install loads: HTTP, batches, signatures, archives. Its key is nobody's and its answers are of no
 * use outside the training run's own home.
 */
final class TrainingRegistry implements AutoCloseable {
  /** The package at the top of the chain. */
  static final String TOP = "trained-0";

  private static final int CHAIN = 4;
  private static final long ACCOUNT = 1;
  private static final Instant TIME = Instant.parse("2026-01-06T12:00:00Z");

  private final ServerSocket server;
  private final SigningKey key = SigningKey.ofSeed(new byte[32]);
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final ByteArrayOutputStream documents = new ByteArrayOutputStream();
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private int documentFrames;
  private int recordFrames;
  private final SignedFiles signed;
  private final Map<String, byte[]> targets = new TreeMap<>();
  private final List<Long> leaves = new ArrayList<>();
  private final List<byte[]> bundles = new ArrayList<>();

  /**
   * Starts the registry.
   *
   * @param module bytecode that needs no capability
   * @throws IOException if no port is to be had
   */
  TrainingRegistry(byte[] module) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    signed = new SignedFiles(key, url(), TIME.plus(Duration.ofDays(36_500)));
    files.put("/index/config.json", config());
    targets.put("trust/registry.json", config());
    targets.put(
        QuarantineList.PATH,
        CanonicalJson.bytes(
            Json.object()
                .put("schema", "raya/quarantine/1")
                .put("versions", Json.array(List.of()))
                .build()));
    for (int i = 0; i < CHAIN; i++) {
      publish("trained-" + i, i + 1 < CHAIN ? "trained-" + (i + 1) : "", module);
    }
    Map<String, byte[]> metadata = signed.files(targets);
    metadata.forEach((path, content) -> files.put("/" + path, content));
    for (Map.Entry<String, byte[]> file : metadata.entrySet()) {
      if (file.getKey().startsWith("tuf/") && !file.getKey().endsWith(".root.json")) {
        frame(documents, file("/" + file.getKey()), file.getValue());
        documentFrames++;
      }
    }
    for (int i = 0; i < leaves.size(); i++) {
      long index = leaves.get(i);
      byte[] record = joined(signed.records().get((int) index), '\n');
      byte[] proof = signed.proof(index).getBytes(StandardCharsets.UTF_8);
      byte[] proven = Arrays.copyOf(record, record.length + proof.length);
      System.arraycopy(proof, 0, proven, record.length, proof.length);
      frame(records, Json.object().put("leaf", index), proven);
      frame(records, file(blob(Digest.of(bundles.get(i)))), bundles.get(i));
      recordFrames += 2;
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Its URL. */
  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private byte[] config() {
    return RegistryConfigCodec.write(
        new RegistryConfig(
            url(),
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

  private void publish(String name, String needs, byte[] module) throws IOException {
    Map<String, Content> content = new TreeMap<>();
    content.put("module.rbin", Content.of(module));
    content.put("metadata.json", Content.of(CanonicalJson.bytes(metadata(name, needs).build())));
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    ArchiveFacts facts = ArchiveWriter.write(ArchiveKind.PACKAGE, content, archive);
    files.put(blob(facts.checksum()), archive.toByteArray());
    byte[] bundle =
        PublishBundle.sign(
                new PublishStatement(
                    name,
                    "1.0.0",
                    facts.checksum(),
                    List.of(),
                    facts.tree(),
                    List.of(),
                    null,
                    new PublishStatement.PackingToolchain("1.0.0", Digest.of(module))),
                key)
            .bytes();
    Identity owner = new Identity.Key(ACCOUNT, key.verificationKey());
    LogRecord.Publish record =
        new LogRecord.Publish(
            new LogRecord.Header(TIME.toString(), Long.toString(ACCOUNT)),
            name,
            "1.0.0",
            facts.checksum(),
            facts.size(),
            facts.tree(),
            List.of(),
            List.of(),
            owner,
            List.of(
                new LogRecord.Attestation(
                    PublishStatement.PREDICATE_TYPE, bundle.length, Digest.of(bundle))),
            null);
    byte[] document = document(name, needs, owner, facts);
    leaves.add(signed.append(record.bytes()));
    bundles.add(bundle);
    targets.put(copyPath(name), document);
    frame(documents, file("/" + digestPath(name, document)), document);
    documentFrames++;
  }

  private static Json.ObjectBuilder metadata(String name, String needs) {
    Json.ObjectBuilder metadata =
        Json.object()
            .put("schema", "raya/package/1")
            .put("name", name)
            .put("version", "1.0.0")
            .put("description", "a link of a chain")
            .put("license", "MIT")
            .put("bytecode", level());
    return needs.isEmpty() ? metadata : metadata.put("dependencies", dependency(needs));
  }

  private static Json level() {
    return Json.object()
        .put("major", 1)
        .put("minor", 0)
        .put("minVm", 1)
        .put("languageLevel", 1)
        .build();
  }

  private static Json dependency(String needs) {
    return Json.array(
        List.of(Json.object().put("name", needs).put("range", ">=1.0.0 <2.0.0-0").build()));
  }

  private static byte[] opened(String name, Identity owner) {
    return new LogRecord.Package(
            new LogRecord.Header(TIME.toString(), Long.toString(ACCOUNT)),
            name,
            List.of(owner),
            true,
            false,
            false)
        .bytes();
  }

  private byte[] document(String name, String needs, Identity owner, ArchiveFacts facts) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    line(lines, Json.object().put("format", "raya-index/1").put("name", name));
    line(
        lines,
        Json.object()
            .put("type", "package")
            .put("log", signed.append(opened(name, owner)))
            .put("time", TIME.toString())
            .put("publishers", Json.array(List.of(owner.json()))));
    Json.ObjectBuilder version =
        Json.object()
            .put("type", "version")
            .put("log", signed.records().size())
            .put("time", TIME.toString())
            .put("version", "1.0.0")
            .put("bytecode", level())
            .put("sha256", facts.checksum().hex())
            .put("size", facts.size())
            .put("tree", facts.tree().hex());
    line(lines, needs.isEmpty() ? version : version.put("dependencies", dependency(needs)));
    return lines.toByteArray();
  }

  private static void line(ByteArrayOutputStream out, Json.ObjectBuilder object) {
    out.writeBytes(joined(CanonicalJson.bytes(object.build()), '\n'));
  }

  private static void frame(ByteArrayOutputStream out, Json.ObjectBuilder head, byte[] bytes) {
    line(out, head.put("length", bytes.length));
    out.writeBytes(bytes);
  }

  private static Json.ObjectBuilder file(String path) {
    return Json.object().put("path", path.substring(1)).put("offset", 0);
  }

  private static String blob(Digest digest) {
    return "/blobs/sha256/" + digest.hex().substring(0, 2) + '/' + digest.hex();
  }

  private static String digestPath(String name, byte[] document) {
    String copy = copyPath(name);
    int file = copy.lastIndexOf('/') + 1;
    return copy.substring(0, file) + Digest.of(document).hex() + '.' + copy.substring(file);
  }

  private static String copyPath(String name) {
    try {
      return "index/" + PackageName.parse(name).indexPath();
    } catch (NameException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] joined(byte[] bytes, char end) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + 1);
    joined[bytes.length] = (byte) end;
    return joined;
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      while (true) {
        List<String> head = head(in);
        if (head.isEmpty()) {
          return;
        }
        byte[] body = in.readNBytes(length(head));
        String path = head.getFirst().split(" ")[1];
        byte[] answer =
            path.equals("/index/batch")
                ? batch(new String(body, StandardCharsets.UTF_8).contains("\"leaves\""))
                : files.get(path);
        out.write(answer(path, answer == null ? new byte[0] : answer, answer == null));
        out.flush();
      }
    } catch (IOException hungUp) {
      return;
    }
  }

  private byte[] batch(boolean leaves) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((leaves ? records : documents).toByteArray());
    line(out, Json.object().put("end", true).put("frames", leaves ? recordFrames : documentFrames));
    return ZstdCoding.compress(out.toByteArray());
  }

  private static byte[] answer(String path, byte[] body, boolean absent) {
    String coding = path.equals("/index/batch") ? "Content-Encoding: zstd\r\n" : "";
    byte[] head =
        ("HTTP/1.1 "
                + (absent ? 404 : 200)
                + " -\r\n"
                + coding
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int b;
    while ((b = in.read()) >= 0) {
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      String text = line.toString().strip();
      if (text.isEmpty()) {
        return lines;
      }
      lines.add(text);
      line.setLength(0);
    }
    return List.of();
  }

  private static int length(List<String> head) {
    for (String line : head) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        return Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

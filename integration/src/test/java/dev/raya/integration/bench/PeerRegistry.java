package dev.raya.integration.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Static answers for the other package managers, made before the first request: an npm registry at
 * {@code /} and a sparse index of Cargo at {@code /cargo/}. Connections are kept alive.
 */
final class PeerRegistry implements AutoCloseable {
  private static final int BLOCK = 512;

  private final ServerSocket server;
  private final @Nullable DelayingProxy proxy;
  private final String url;
  private final Map<String, byte[]> answers = new LinkedHashMap<>();

  /** A registry that is a round trip away; 0 for none. */
  PeerRegistry(Universe universe, long roundTripMillis) throws IOException {
    server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"));
    proxy = roundTripMillis == 0 ? null : new DelayingProxy(server.getLocalPort(), roundTripMillis);
    url = "http://127.0.0.1:" + (proxy == null ? server.getLocalPort() : proxy.port());
    fill(universe);
    Thread.ofVirtual().start(this::accept);
  }

  /** Where it is reached; what it serves names the same address. */
  String url() {
    return url;
  }

  private void fill(Universe universe) throws IOException {
    answer(
        "/cargo/config.json",
        "application/json",
        Universe.utf8("{\"dl\":\"" + url + "/cargo/dl/{crate}-{version}.crate\"}"));
    for (Universe.Pkg pkg : universe.packages().values()) {
      StringBuilder versions = new StringBuilder();
      StringBuilder crates = new StringBuilder();
      for (String version : Universe.VERSIONS) {
        byte[] tarball = npm(pkg, version);
        String file = pkg.name() + "/-/" + pkg.name() + '-' + version + ".tgz";
        answer('/' + file, "application/octet-stream", tarball);
        String document =
            "{\"name\":\""
                + pkg.name()
                + "\",\"version\":\""
                + version
                + "\",\"dependencies\":"
                + dependencies(pkg)
                + ",\"dist\":{\"tarball\":\""
                + url
                + '/'
                + file
                + "\",\"shasum\":\""
                + HexFormat.of().formatHex(hash("SHA-1", tarball))
                + "\",\"integrity\":\"sha512-"
                + Base64.getEncoder().encodeToString(hash("SHA-512", tarball))
                + "\"}}";
        versions.append(versions.isEmpty() ? "" : ",").append('"').append(version).append("\":");
        versions.append(document);
        // Some ask for one version, or for what a tag names, before the package's document.
        answer('/' + pkg.name() + '/' + version, "application/json", Universe.utf8(document));
        if (version.equals(Universe.VERSIONS.getLast())) {
          answer('/' + pkg.name() + "/latest", "application/json", Universe.utf8(document));
        }
        byte[] crate = crate(pkg, version);
        answer(
            "/cargo/dl/" + pkg.name() + '-' + version + ".crate",
            "application/octet-stream",
            crate);
        crates
            .append("{\"name\":\"")
            .append(pkg.name())
            .append("\",\"vers\":\"")
            .append(version)
            .append("\",\"deps\":[");
        String comma = "";
        for (String dependency : pkg.dependencies()) {
          crates
              .append(comma)
              .append("{\"name\":\"")
              .append(dependency)
              .append(
                  "\",\"req\":\"^1.0.0\",\"features\":[],\"optional\":false,\"default_features\":true,\"target\":null,\"kind\":\"normal\"}");
          comma = ",";
        }
        crates
            .append("],\"cksum\":\"")
            .append(HexFormat.of().formatHex(hash("SHA-256", crate)))
            .append("\",\"features\":{},\"yanked\":false}\n");
      }
      String last = Universe.VERSIONS.getLast();
      answer(
          '/' + pkg.name(),
          "application/json",
          Universe.utf8(
              "{\"name\":\""
                  + pkg.name()
                  + "\",\"dist-tags\":{\"latest\":\""
                  + last
                  + "\"},\"versions\":{"
                  + versions
                  + "},\"time\":{\"modified\":\"2026-01-01T00:00:00.000Z\",\"created\":\"2026-01-01T00:00:00.000Z\",\"1.0.0\":\"2026-01-01T00:00:00.000Z\",\"1.1.0\":\"2026-01-01T00:00:00.000Z\"}}"));
      answer(
          "/cargo/"
              + pkg.name().substring(0, 2)
              + '/'
              + pkg.name().substring(2, 4)
              + '/'
              + pkg.name(),
          "text/plain",
          Universe.utf8(crates.toString()));
    }
  }

  private static String dependencies(Universe.Pkg pkg) {
    StringBuilder list = new StringBuilder("{");
    for (String name : pkg.dependencies()) {
      list.append(list.length() > 1 ? "," : "").append('"').append(name).append("\":\"^1.0.0\"");
    }
    return list.append('}').toString();
  }

  private static byte[] npm(Universe.Pkg pkg, String version) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(
        "package/package.json",
        Universe.utf8(
            "{\"name\":\""
                + pkg.name()
                + "\",\"version\":\""
                + version
                + "\",\"dependencies\":"
                + dependencies(pkg)
                + "}"));
    pkg.files()
        .forEach((path, text) -> files.put("package/" + path, Universe.utf8(version + text)));
    return tarball(files);
  }

  private static byte[] crate(Universe.Pkg pkg, String version) throws IOException {
    StringBuilder manifest = new StringBuilder();
    manifest
        .append("[package]\nname = \"")
        .append(pkg.name())
        .append("\"\nversion = \"")
        .append(version)
        .append("\"\nedition = \"2021\"\n\n[dependencies]\n");
    for (String name : pkg.dependencies()) {
      manifest.append(name).append(" = \"1.0.0\"\n");
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    String top = pkg.name() + '-' + version + '/';
    files.put(top + "Cargo.toml", Universe.utf8(manifest.toString()));
    files.put(top + "src/lib.rs", new byte[0]);
    pkg.files().forEach((path, text) -> files.put(top + path, Universe.utf8(version + text)));
    return tarball(files);
  }

  private static byte[] tarball(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        gzip.write(header(file.getKey(), file.getValue().length));
        gzip.write(file.getValue());
        gzip.write(new byte[(BLOCK - file.getValue().length % BLOCK) % BLOCK]);
      }
      gzip.write(new byte[2 * BLOCK]);
    }
    return out.toByteArray();
  }

  /** A header of POSIX ustar. */
  private static byte[] header(String path, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format(java.util.Locale.ROOT, "%011o\0", size));
    put(header, 136, "14000000000\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format(java.util.Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(String path, String type, byte[] body) {
    byte[] head =
        Universe.utf8(
            "HTTP/1.1 200 OK\r\nContent-Type: "
                + type
                + "\r\nContent-Length: "
                + body.length
                + "\r\nCache-Control: max-age=300\r\nETag: \""
                + HexFormat.of().formatHex(hash("SHA-256", body))
                + "\"\r\n\r\n");
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    answers.put(path, whole);
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
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
      List<String> head = new ArrayList<>();
      String line;
      while ((line = line(in)) != null) {
        if (!line.isEmpty()) {
          head.add(line);
          continue;
        }
        if (head.isEmpty()) {
          return;
        }
        String[] words = head.getFirst().split(" ");
        byte[] answer = answers.get(words.length > 1 ? words[1] : "");
        out.write(
            answer == null
                ? Universe.utf8("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}")
                : answer);
        out.flush();
        head.clear();
      }
    } catch (IOException hungUp) {
      return;
    }
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int b;
    while ((b = in.read()) >= 0) {
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    server.close();
    if (proxy != null) {
      proxy.close();
    }
  }
}

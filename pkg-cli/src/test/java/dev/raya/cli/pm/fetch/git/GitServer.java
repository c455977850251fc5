package dev.raya.cli.pm.fetch.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/** Serves one repository over loopback as git's smart HTTP protocol, without its second version. */
final class GitServer implements AutoCloseable {
  private final HttpServer server;
  private final Repository repository;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  /** Serves without encryption. */
  GitServer(Repository repository) throws IOException {
    this(repository, HttpServer.create(loopback(), 0));
  }

  /** Serves over TLS. */
  static GitServer secured(Repository repository, SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new GitServer(repository, server);
  }

  private static InetSocketAddress loopback() throws IOException {
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
  }

  private GitServer(Repository repository, HttpServer server) {
    this.repository = repository;
    this.server = server;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/exp.git/", this::handle);
    server.createContext("/moved.git/", exchange -> redirect(exchange));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/exp.git";
  }

  String redirecting() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/moved.git";
  }

  List<String> requests() {
    return List.copyOf(requests);
  }

  /** To another host's name, which is another origin. */
  private void redirect(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .add(
            "Location",
            "http://localhost:"
                + server.getAddress().getPort()
                + exchange.getRequestURI().toString().replace("moved", "exp"));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    UploadPack pack = new UploadPack(repository);
    pack.setBiDirectionalPipe(false);
    try (exchange) {
      if (path.endsWith("/info/refs")) {
        exchange
            .getResponseHeaders()
            .add("Content-Type", "application/x-git-upload-pack-advertisement");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
          PacketLineOut out = new PacketLineOut(body);
          out.writeString("# service=git-upload-pack\n");
          out.end();
          pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(out));
        }
      } else {
        exchange.getResponseHeaders().add("Content-Type", "application/x-git-upload-pack-result");
        exchange.sendResponseHeaders(200, 0);
        boolean coded = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream raw = exchange.getRequestBody();
        try (InputStream in = coded ? new GZIPInputStream(raw) : raw;
            OutputStream body = exchange.getResponseBody()) {
          pack.upload(in, body, null);
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.FaultyFront;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry of another host, over TLS, behind a proxy, with an authority of its own. */
final class ProxiedRegistryTest {
  private static final String HOST = "registry.example";
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir Path folder = Path.of("");

  /** Connects whoever asks for the registry's host to a port of this machine. */
  private static final class Proxy implements AutoCloseable {
    private final ServerSocket listening;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    Proxy(int port) throws IOException {
      listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      Thread.ofVirtual().start(() -> accept(port));
    }

    String url() {
      return "http://127.0.0.1:" + listening.getLocalPort();
    }

    private void accept(int port) {
      while (!listening.isClosed()) {
        try {
          Socket client = listening.accept();
          Thread.ofVirtual().start(() -> tunnel(client, port));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void tunnel(Socket client, int port) {
      try (client;
          Socket server = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
        InputStream in = client.getInputStream();
        asked.add(line(in));
        while (!line(in).isEmpty()) {
          continue;
        }
        client
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        Thread back = Thread.ofVirtual().start(() -> copy(server, client));
        in.transferTo(server.getOutputStream());
        server.shutdownOutput();
        back.join();
      } catch (IOException broken) {
        asked.add("broken: " + broken.getMessage());
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }

    private static void copy(Socket from, Socket to) {
      try {
        OutputStream out = to.getOutputStream();
        from.getInputStream().transferTo(out);
        to.shutdownOutput();
      } catch (IOException closed) {
        return;
      }
    }

    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }

  private void keytool(String... words) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String said = String.join("\n", out.lines().toList());
      assertThat(process.waitFor()).as(said).isZero();
    }
  }

  /** A key and a certificate for the host, signed by itself; the certificate is {@code ca.pem}. */
  private SSLContext tls() throws Exception {
    keytool(
        "-genkeypair",
        "-alias",
        "a",
        "-keyalg",
        "EC",
        "-storetype",
        "PKCS12",
        "-keystore",
        "keys",
        "-storepass",
        "secret",
        "-dname",
        "CN=" + HOST,
        "-ext",
        "SAN=dns:" + HOST,
        "-validity",
        "36500");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "a",
        "-keystore",
        "keys",
        "-storepass",
        "secret",
        "-file",
        "ca.pem");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Test
  void proxyAndAuthorityOfTheSettingsAreUsedAndExceptionsAreNot() throws Exception {
    try (TestRegistry registry = TestRegistry.start(1);
        FaultyFront front = FaultyFront.secured(registry, tls());
        Proxy proxy = new Proxy(front.port())) {
      registry.publish(TestPackage.of("fmt", "1.0.0"));
      Pm pm =
          Pm.in(folder)
              .with("RAYA_REGISTRY", "https://" + HOST)
              .with("RAYA_TRUST_ROOT", registry.fingerprint().toString())
              .with("HTTPS_PROXY", proxy.url())
              .project("fmt = \"^1.0\"");
      pm.write("../home/config.toml", "[network]\nretries = 0\n");
      Pm.Outcome unknown = pm.run("install");
      assertThat(unknown.exit()).isEqualTo(4);
      assertThat(unknown.err()).contains("RAYA-NET-001");
      assertThat(proxy.asked).first().isEqualTo("CONNECT registry.example:443 HTTP/1.1");
      Pm trusting = pm.with("RAYA_CA_FILE", folder.resolve("ca.pem").toString());
      Pm.Outcome outcome = trusting.run("install");
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      int before = proxy.asked.size();
      Files.delete(pm.project().resolve("raya.lock"));
      Pm.Outcome direct = trusting.with("NO_PROXY", ".example").run("install", "--timeout", "2s");
      assertThat(direct.exit()).isEqualTo(4);
      assertThat(direct.err()).contains("RAYA-NET-00");
      assertThat(proxy.asked).hasSize(before);
    }
  }
}

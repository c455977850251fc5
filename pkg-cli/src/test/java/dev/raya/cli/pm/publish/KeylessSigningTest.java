package dev.raya.cli.pm.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.fetch.ProxySettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component that signs with Sigstore: where it is looked for, and by which way it goes out. */
final class KeylessSigningTest {
  @TempDir Path folder = Path.of("");

  @Test
  void missingComponentIsToldWithWhatToInstallAndWhere() {
    assertThatThrownBy(() -> KeylessSigning.component(folder))
        .isInstanceOfSatisfying(
            CommandException.class,
            missing -> {
              assertThat(missing.findings().getFirst().code()).isEqualTo("RAYA-TC-001");
              assertThat(missing.findings().getFirst().notes())
                  .anyMatch(
                      note -> note.message().contains(folder.resolve("lib/keyless").toString()))
                  .anyMatch(note -> note.message().contains("install the component keyless"));
            });
  }

  @Test
  void proxyOfTheSettingsIsAskedByTheProcess() throws Exception {
    // In the place of the component: a program that asks an https address as the component does.
    Path program = folder.resolve("Asks.java");
    Files.writeString(
        program,
        """
        class Asks {
          static void main(String[] words) throws Exception {
            for (String word : words) {
              System.out.println(java.net.ProxySelector.getDefault().select(new java.net.URI(word)));
            }
            try {
              new java.net.URI(words[0]).toURL().openStream().close();
            } catch (java.io.IOException refused) {
            }
          }
        }
        """);
    try (ServerSocket proxy = new ServerSocket();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      proxy.setSoTimeout(30_000);
      proxy.bind(new InetSocketAddress("127.0.0.1", 0));
      Future<String> asked = threads.submit(() -> firstLine(proxy));
      ProxySettings settings =
          new ProxySettings(
              InetSocketAddress.createUnresolved("127.0.0.1", proxy.getLocalPort()),
              null,
              List.of(".inner.example"),
              null);
      List<String> words =
          new ArrayList<>(
              List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
      words.addAll(settings.javaOptions());
      words.addAll(
          List.of(
              program.toString(),
              "https://fulcio.example/api",
              "https://a.inner.example/",
              "https://127.0.0.1:1/"));
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      process.getOutputStream().close();
      List<String> out = process.inputReader().lines().toList();
      assertThat(out).as(out.toString()).hasSize(3);
      assertThat(out.getFirst()).contains("HTTP @ 127.0.0.1");
      assertThat(out.get(1)).contains("DIRECT");
      assertThat(out.getLast()).contains("DIRECT");
      assertThat(asked.get()).isEqualTo("CONNECT fulcio.example:443 HTTP/1.1");
    }
  }

  private static String firstLine(ServerSocket proxy) throws IOException {
    try (Socket socket = proxy.accept()) {
      StringBuilder line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
      socket
          .getOutputStream()
          .write("HTTP/1.1 403 No\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      return line.toString();
    }
  }

  @Test
  void withoutProxiesNothingIsSaid() {
    assertThat(new ProxySettings(null, null, List.of("*"), null).javaOptions()).isEmpty();
  }
}

package dev.raya.cli.pm.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key and a certificate for a host, signed by itself; the certificate is {@code ca.pem}. */
public final class TestCertificate {
  private static final char[] PASSWORD = "secret".toCharArray();

  private TestCertificate() {}

  private static void keytool(Path folder, String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
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

  /** Makes them and gives what a server of that host needs. */
  public static SSLContext in(Path folder, String host) throws Exception {
    keytool(
        folder,
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
        "CN=" + host,
        "-ext",
        "SAN=dns:" + host,
        "-validity",
        "36500");
    keytool(
        folder,
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
}

package dev.raya.signing.keyless;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.sigstore.AlgorithmRegistry.SigningAlgorithm;
import dev.sigstore.KeylessSigner;
import dev.sigstore.KeylessSignerException;
import dev.sigstore.oidc.client.OidcClients;
import dev.sigstore.oidc.client.TokenStringOidcClient;
import dev.sigstore.trustroot.SigstoreConfigurationException;
import dev.sigstore.trustroot.SigstoreSigningConfig;
import dev.sigstore.trustroot.SigstoreTrustedRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs statements with Sigstore: reads one JSON object, {@code {"idToken","trustedRoot",
 * "signingConfig","authorities","statements":[…]}}, from standard input and writes {@code
 * {"bundles":[…]}}, one text for each statement, or {@code {"failure"}}. The ID token comes in that
 * way so that no list of processes shows it.
 */
public final class KeylessProgram {
  private static final int MAX_INPUT = 16 << 20;

  private KeylessProgram() {}

  /** The program; ends with 1 if it cannot sign. */
  public static void main(String[] args) throws IOException {
    System.exit(run(System.in, System.out));
  }

  /**
   * Runs it.
   *
   * @return its exit code
   * @throws IOException if nothing can be read or written
   */
  static int run(InputStream in, OutputStream out) throws IOException {
    Json.Obj answer;
    int exit = 1;
    try {
      answer = signed(JsonFields.root(JsonReader.read(in.readNBytes(MAX_INPUT))));
      exit = 0;
    } catch (JsonException malformed) {
      answer = failure("the request is malformed: " + malformed.getMessage());
    } catch (KeylessSignerException
        | SigstoreConfigurationException
        | GeneralSecurityException
        | IOException
        | RuntimeException failed) {
      answer = failure(reasons(failed));
    }
    out.write(CanonicalJson.bytes(answer));
    out.flush();
    return exit;
  }

  private static Json.Obj failure(String message) {
    return Json.object().put("failure", message).build();
  }

  /** What went wrong, from the outside in: services answer in causes. */
  private static String reasons(Throwable failed) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failed; at != null; at = at.getCause()) {
      text.append(text.isEmpty() ? "" : ": ")
          .append(at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage());
    }
    return text.toString();
  }

  private static Json.Obj signed(JsonFields request)
      throws JsonException,
          KeylessSignerException,
          SigstoreConfigurationException,
          GeneralSecurityException,
          IOException {
    Path store = authorities(request.optionalString("authorities"));
    try (KeylessSigner signer = signer(request)) {
      List<String> bundles = new ArrayList<>();
      for (String statement : request.strings("statements")) {
        bundles.add(signer.attest(statement).toJson());
      }
      return Json.object().put("bundles", Json.strings(bundles)).build();
    } finally {
      if (store != null) {
        Files.deleteIfExists(store);
      }
    }
  }

  private static KeylessSigner signer(JsonFields request)
      throws JsonException, SigstoreConfigurationException, GeneralSecurityException, IOException {
    SigstoreTrustedRoot root = SigstoreTrustedRoot.from(stream(request.string("trustedRoot")));
    String config = request.optionalString("signingConfig");
    KeylessSigner.Builder builder = KeylessSigner.builder().sigstorePublicDefaults();
    if (config != null) {
      SigstoreSigningConfig services = SigstoreSigningConfig.from(stream(config));
      builder.signingConfigProvider(() -> services);
    }
    return builder
        // What clients will believe, so that what they would refuse is not signed.
        .trustedRootProvider(() -> root)
        .enableRekorV2(true)
        .signingAlgorithm(SigningAlgorithm.PKIX_ECDSA_P256_SHA_256)
        .forceCredentialProviders(
            OidcClients.of(TokenStringOidcClient.from(request.string("idToken"))))
        .build();
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Believes further authorities of TLS, in PEM, beside the runtime's own. */
  private static @Nullable Path authorities(@Nullable String pem)
      throws GeneralSecurityException, IOException {
    if (pem == null) {
      return null;
    }
    char[] password = "changeit".toCharArray();
    Path own = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    KeyStore store = KeyStore.getInstance(own.toFile(), password);
    int number = 0;
    for (Certificate each :
        CertificateFactory.getInstance("X.509").generateCertificates(stream(pem))) {
      store.setCertificateEntry("further-" + number++, each);
    }
    Path file = Files.createTempFile("raya-authorities", ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", new String(password));
    return file;
  }
}

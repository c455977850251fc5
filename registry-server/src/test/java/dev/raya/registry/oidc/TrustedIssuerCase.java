package dev.raya.registry.oidc;

import dev.raya.registry.ops.RunningRegistry;
import dev.raya.signing.oidc.CiService;
import dev.raya.signing.oidc.TrustedIssuers;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A running registry that trusts an issuer of a CI service, a new one for each test. */
abstract class TrustedIssuerCase {
  @TestHTTPResource("/")
  @Nullable URL address;

  private final CiService service;
  private @Nullable TestIssuer running;

  TrustedIssuerCase(CiService service) {
    this.service = service;
  }

  @BeforeEach
  void issue() throws Exception {
    TestIssuer issuer = new TestIssuer();
    running = issuer;
    Path file = RunningRegistry.directory().root().resolve(IssuerDirectory.FILE);
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        new TrustedIssuers(List.of(new TrustedIssuers.Issuer(issuer.url(), service))).bytes());
  }

  @AfterEach
  void close() {
    issuer().close();
  }

  final TestIssuer issuer() {
    if (running == null) {
      throw new IllegalStateException("made before each test");
    }
    return running;
  }

  final URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }
}

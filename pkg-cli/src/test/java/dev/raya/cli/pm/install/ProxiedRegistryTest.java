package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.FaultyFront;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestCertificate;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TunnelProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry of another host, over TLS, behind a proxy, with an authority of its own. */
final class ProxiedRegistryTest {
  private static final String HOST = "registry.example";

  @TempDir Path folder = Path.of("");

  @Test
  void proxyAndAuthorityOfTheSettingsAreUsedAndExceptionsAreNot() throws Exception {
    try (TestRegistry registry = TestRegistry.start(1);
        FaultyFront front = FaultyFront.secured(registry, TestCertificate.in(folder, HOST));
        TunnelProxy proxy = new TunnelProxy(front.port())) {
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
      assertThat(proxy.asked()).first().isEqualTo("CONNECT registry.example:443 HTTP/1.1");
      Pm trusting = pm.with("RAYA_CA_FILE", folder.resolve("ca.pem").toString());
      Pm.Outcome outcome = trusting.run("install");
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      int before = proxy.asked().size();
      Files.delete(pm.project().resolve("raya.lock"));
      Pm.Outcome direct = trusting.with("NO_PROXY", ".example").run("install", "--timeout", "2s");
      assertThat(direct.exit()).isEqualTo(4);
      assertThat(direct.err()).contains("RAYA-NET-00");
      assertThat(proxy.asked()).hasSize(before);
    }
  }
}

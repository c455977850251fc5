package dev.raya.cli.pm.fetch.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestCertificate;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.cli.pm.testing.TunnelProxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository of another host, over TLS, behind a proxy, with an authority of its own. */
final class GitOverProxyTest {
  private static final String HOST = "git.example";

  @TempDir Path folder;

  @Test
  void proxyAndAuthorityOfTheSettingsAreUsedAndExceptionsAreNot() throws Exception {
    Path toolchain = folder.resolve("toolchain");
    TestToolchain.in(toolchain);
    try (TestRepository repository = TestRepository.in(folder.resolve("exp"));
        GitServer server =
            GitServer.secured(repository.git().getRepository(), TestCertificate.in(folder, HOST));
        TunnelProxy proxy = new TunnelProxy(server.port())) {
      repository.write(".", "exp", "0.1.0", "");
      repository.commitAll();
      Pm pm =
          Pm.in(folder)
              .using(toolchain)
              .with("HTTPS_PROXY", proxy.url())
              .project("exp = { git = \"https://" + HOST + "/exp.git\" }");
      Pm.Outcome unknown = pm.run("install");
      assertThat(unknown.exit()).as(unknown.err()).isEqualTo(4);
      assertThat(unknown.err()).contains("RAYA-NET-001");
      assertThat(proxy.asked()).first().isEqualTo("CONNECT git.example:443 HTTP/1.1");
      assertThat(server.requests()).isEmpty();

      Pm trusting = pm.with("RAYA_CA_FILE", folder.resolve("ca.pem").toString());
      int before = proxy.asked().size();
      Pm.Outcome direct = trusting.with("NO_PROXY", ".example").run("install", "--timeout", "2s");
      assertThat(direct.exit()).as(direct.err()).isEqualTo(4);
      assertThat(direct.err()).contains("RAYA-NET-001");
      assertThat(proxy.asked()).hasSize(before);

      Pm.Outcome installed = trusting.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      assertThat(pm.read("raya.lock")).contains("git+https://git.example/exp.git#");
      assertThat(server.requests()).isNotEmpty();
    }
  }
}

package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A workflow publishes with a certificate of a Sigstore that runs here, through sigstore-java; the
 * registry and a user's client verify it with their own verifier, offline too, and the version is
 * built again from its provenance.
 */
final class KeylessJourneyTest {
  private static final Path LIBRARIES = Suite.BIN.resolveSibling("lib");
  private static final Path SERVICES =
      Path.of("src/test/resources/dev/raya/integration/journey/LoopbackSigstore.java")
          .toAbsolutePath();

  private Path work = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    work = Suite.workFolder();
  }

  @AfterEach
  void removeFolder() throws IOException {
    Trees.remove(work);
  }

  /** The services, with their documents in a folder; they end when their input does. */
  private Process sigstore(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                LIBRARIES.resolve("keyless/*")
                    + System.getProperty("path.separator")
                    + LIBRARIES.resolve("modules/*"),
                SERVICES.toString(),
                folder.toString())
            .redirectError(folder.resolve("services.log").toFile())
            .start();
    BufferedReader lines = process.inputReader();
    assertThat(lines.readLine()).as("services.log in " + folder).isEqualTo("ready");
    return process;
  }

  private static String out(Programs user, Path folder, String... words) throws IOException {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.exit()).as(String.join(" ", words) + outcome.err()).isZero();
    return outcome.out();
  }

  private static String commit(Path source) throws Exception {
    try (Git git = Git.init().setDirectory(source.toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      return git.commit()
          .setAuthor("A", "a@example.com")
          .setCommitter("A", "a@example.com")
          .setMessage("one")
          .setSign(false)
          .call()
          .name();
    }
  }

  private Path source() throws IOException {
    Path library = Files.createDirectories(work.resolve("source/libs/one"));
    Files.createDirectories(library.resolve("src"));
    Files.writeString(
        library.resolve("raya.toml"),
        """
        [package]
        name = "keyless-lib"
        version = "1.0.0"
        license = "MIT"
        description = "Counts to one"
        main = "src/main.raya"
        """);
    Files.writeString(
        library.resolve("src/main.raya"), "export function one(): int {\n  return 1;\n}\n");
    return library;
  }

  /** The chain that a person reads; {@code -Draya.golden.write=true} writes it anew. */
  private static void explained(String chain) throws IOException {
    String found =
        chain
            .replaceAll("[0-9a-f]{64}", "<digest>")
            .replaceAll("[0-9a-f]{40}", "<commit>")
            .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "<time>")
            .replaceAll("(timestamp|snapshot) [0-9]+", "$1 <n>")
            .replaceAll("[0-9]+ bytes", "<n> bytes");
    Path file = SERVICES.resolveSibling("keyless-chain.txt");
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.writeString(file, found);
    }
    assertThat(found).isEqualTo(Files.readString(file));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }

  @Test
  void sigstoreSignsForARunAndEverybodyVerifiesItWithoutSigstore() throws Exception {
    Path library = source();
    Path services = Files.createDirectory(work.resolve("sigstore"));
    Path strangers = Files.createDirectory(work.resolve("strangers"));
    Path data = Files.createDirectory(work.resolve("data"));
    Process running = sigstore(services);
    Process foreign = sigstore(strangers);
    try (WorkflowIssuer issuer = new WorkflowIssuer()) {
      issuer.at(commit(work.resolve("source")));
      write(
          data.resolve("trust/oidc.json"),
          "{\"issuers\":[{\"issuer\":\""
              + issuer.url()
              + "\",\"service\":\"forgejo\"}],\"schema\":\"raya/oidc/1\"}");
      write(data.resolve("trust/sigstore.json"), Files.readString(services.resolve("root.json")));
      try (RegistryProcess registry = Suite.startRegistry(data, work.resolve("registry.log"))) {
        String url = registry.url();
        Programs owner =
            Programs.of(Suite.BIN, work.resolve("owner"))
                .with("RAYA_REGISTRY", url)
                .with("RAYA_TOKEN", Suite.token(data, work, "keyless-owner"));
        out(owner, library, TrustedPublishingJourneyTest.workflow("keyless-lib", issuer));
        Programs run =
            Programs.of(Suite.BIN, work.resolve("run"))
                .with("RAYA_REGISTRY", url)
                .with("GITHUB_ACTIONS", "true")
                .with("GITHUB_RUN_ID", "5")
                .with("ACTIONS_ID_TOKEN_REQUEST_URL", issuer.tokenAddress())
                .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", WorkflowIssuer.SECRET);

        Programs.Outcome untrusted =
            run.with("RAYA_CA_FILE", strangers.resolve("tls.pem").toString())
                .run(
                    library,
                    "raya-pm",
                    "publish",
                    "--keyless",
                    "--signing-config",
                    strangers.resolve("signing.json").toString());
        assertThat(untrusted.exit()).as(untrusted.err()).isEqualTo(5);
        assertThat(untrusted.err()).contains("RAYA-SEC-022", "Sigstore did not sign");

        assertThat(
                out(
                    run.with("RAYA_CA_FILE", services.resolve("tls.pem").toString()),
                    library,
                    "publish",
                    "--keyless",
                    "--provenance",
                    "--signing-config",
                    services.resolve("signing.json").toString()))
            .startsWith("published keyless-lib 1.0.0 (log ");
        running.getOutputStream().close();

        Programs user = Programs.of(Suite.BIN, work.resolve("user")).with("RAYA_REGISTRY", url);
        Path app = Files.createDirectories(work.resolve("app"));
        write(
            app.resolve("raya.toml"),
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n"
                + "\n[dependencies]\nkeyless-lib = \"^1\"\n");
        write(app.resolve("src/main.raya"), "export const x = 1;\n");
        out(user, app, "install");
        explained(
            out(user, app, "verify", "--offline", "--explain")
                .replace(url, "<registry>")
                .replace(url.substring("http://".length()), "<log>")
                .replace(issuer.url(), "<issuer>"));
        assertThat(out(user, app, "info", "keyless-lib"))
            .contains("built from " + issuer.url() + "/acme/http, folder libs/one at ");
        assertThat(
                out(
                    user,
                    app,
                    "rebuild",
                    "keyless-lib@1.0.0",
                    "--source",
                    "file://" + work.resolve("source")))
            .startsWith("keyless-lib@1.0.0 is what its sources give: sha256:");
      }
    } finally {
      running.destroy();
      foreign.destroy();
    }
  }
}

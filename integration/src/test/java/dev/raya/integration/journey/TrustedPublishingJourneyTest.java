package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A workflow publishes without a stored secret, and a user installs what it published. */
@ExtendWith(Suite.Extension.class)
public final class TrustedPublishingJourneyTest {
  private static final String SOURCE = "export function one(): int {\n  return 1;\n}\n";

  private static String manifest(String name, String version) {
    return "[package]\nname = \""
        + name
        + "\"\nversion = \""
        + version
        + "\"\nlicense = \"MIT\"\ndescription = \"Counts to one\"\nmain = \"src/main.raya\"\n";
  }

  private static String out(Programs user, Path folder, String... words) throws Exception {
    Programs.Outcome outcome = user.run(folder, "raya-pm", words);
    assertThat(outcome.exit()).as(String.join(" ", words) + outcome.err()).isZero();
    return outcome.out();
  }

  /** Names an issuer in a registry's file. */
  public static void trust(Path file, WorkflowIssuer issuer) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        "{\"issuers\":[{\"issuer\":\""
            + issuer.url()
            + "\",\"service\":\"forgejo\"}],\"schema\":\"raya/oidc/1\"}");
  }

  /** The words that name the issuer's workflow as the publisher of a package. */
  public static String[] workflow(String name, WorkflowIssuer issuer) {
    return new String[] {
      "publisher",
      "add",
      name,
      "--issuer",
      issuer.url(),
      "--owner",
      "acme",
      "--owner-id",
      "7",
      "--repository",
      "http",
      "--repository-id",
      "42",
      "--workflow",
      ".github/workflows/release.yml",
      "--ref",
      "refs/tags/v*"
    };
  }

  @Test
  void aWorkflowPublishesTheFirstVersionAndTheNextOnesAndOthersInstallThem(Suite suite)
      throws Exception {
    try (WorkflowIssuer issuer = new WorkflowIssuer()) {
      trust(suite.data().resolve("trust/oidc.json"), issuer);
      Programs owner = suite.newPublisher("oidc-owner");
      Path library = suite.project(manifest("oidc-lib", "1.0.0"), SOURCE);
      assertThat(out(owner, library, workflow("oidc-lib", issuer))).contains("acme/http");
      Programs run =
          suite
              .newUser()
              .with("ACTIONS_ID_TOKEN_REQUEST_URL", issuer.tokenAddress())
              .with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", WorkflowIssuer.SECRET);
      assertThat(out(run, library, "publish")).startsWith("published oidc-lib 1.0.0 (log ");
      assertThat(out(owner, library, "owner", "list", "oidc-lib")).isEqualTo("oidc-owner\n");
      out(owner, library, "publisher", "tokens", "oidc-lib", "off");
      Files.writeString(library.resolve("raya.toml"), manifest("oidc-lib", "1.1.0"));
      Programs.Outcome byToken = owner.run(library, "raya-pm", "publish");
      assertThat(byToken.exit()).as(byToken.err()).isEqualTo(5);
      assertThat(byToken.err()).contains("RAYA-REG-003", "CI only");
      assertThat(out(run, library, "publish")).startsWith("published oidc-lib 1.1.0 (log ");

      Path app = suite.project(manifest("app", "0.1.0") + "\n[dependencies]\n", SOURCE);
      Programs user = suite.newUser();
      out(user, app, "add", "oidc-lib");
      assertThat(Files.readString(app.resolve("raya.lock"))).contains("version = \"1.1.0\"");
      assertThat(out(user, app, "info", "oidc-lib")).contains("oidc-lib 1.1.0");

      Files.writeString(library.resolve("raya.toml"), manifest("oidc-lib", "1.2.0"));
      issuer.on("refs/heads/main");
      Programs.Outcome elsewhere = run.run(library, "raya-pm", "publish");
      assertThat(elsewhere.exit()).as(elsewhere.err()).isEqualTo(5);
      assertThat(elsewhere.err()).contains("trusts other workflows", "refs/heads/main");
      Programs.Outcome stranger =
          run.with("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "guessed").run(library, "raya-pm", "publish");
      assertThat(stranger.exit()).isEqualTo(4);
      assertThat(stranger.err()).contains("RAYA-NET-004", "id-token: write");
    }
  }
}

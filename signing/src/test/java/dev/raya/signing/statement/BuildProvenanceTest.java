package dev.raya.signing.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.SigstoreTrust;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildProvenanceTest {
  private static final Digest A = Digest.of(new byte[] {1});
  private static final Digest B = Digest.of(new byte[] {2});
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final SigningKey key = SigningKey.generate(new SecureRandom());
  private final Identity.Oidc run = run("https://token.actions.githubusercontent.com");
  private final PublishStatement statement =
      new PublishStatement(
          "@acme/http",
          "1.2.3",
          A,
          List.of(new NativeSubject("lz4", "linux-x64", B)),
          B,
          List.of(),
          null,
          new PublishStatement.PackingToolchain("1.0.0", B));

  private Identity.Oidc run(String issuer) {
    return new Identity.Oidc(
        issuer,
        "acme",
        "7",
        "http",
        "42",
        ".github/workflows/release.yml",
        "refs/tags/v1.2.3",
        null,
        COMMIT,
        key.verificationKey());
  }

  private BuildProvenance build(String directory) {
    return BuildProvenance.of(
        statement,
        run,
        directory,
        A,
        "https://github.com/actions/runner/github-hosted",
        "https://github.com/acme/http/actions/runs/5/attempts/1");
  }

  @Test
  void isASlsaStatementOverTheSameSubjects() {
    assertThat(new String(build("packages/http").bytes(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"_type":"https://in-toto.io/Statement/v1","predicate":{"buildDefinition":{"buildType":\
            "https://raya.dev/build/v1","externalParameters":{"directory":"packages/http","workflow":\
            {"path":".github/workflows/release.yml","ref":"refs/tags/v1.2.3","repository":\
            "https://github.com/acme/http"}},"internalParameters":{"ownerId":"7","repositoryId":"42"},\
            "resolvedDependencies":[{"digest":{"gitCommit":"%s"},"uri":\
            "git+https://github.com/acme/http@refs/tags/v1.2.3"},{"digest":{"sha256":"%s"},"uri":\
            "pkg:generic/raya@1.0.0"},{"digest":{"sha256":"%s"},"name":"raya.lock"}]},"runDetails":\
            {"builder":{"id":"https://github.com/actions/runner/github-hosted"},"metadata":\
            {"invocationId":"https://github.com/acme/http/actions/runs/5/attempts/1"}}},\
            "predicateType":"https://slsa.dev/provenance/v1","subject":[{"digest":{"sha256":"%s"},\
            "name":"pkg:raya/%%40acme/http@1.2.3"},{"digest":{"sha256":"%s"},"name":\
            "pkg:raya/%%40acme/http@1.2.3?module=lz4&target=linux-x64"}]}"""
                .formatted(COMMIT, B.hex(), A.hex(), A.hex(), B.hex()));
  }

  @Test
  void isReadAsItWasWritten() throws Exception {
    BuildProvenance build = build("packages/http");
    assertThat(BuildProvenance.read(build.bytes())).isEqualTo(build);
    BuildProvenance bare = BuildProvenance.of(statement, run, "", null, run.issuer(), null);
    assertThat(BuildProvenance.read(bare.bytes())).isEqualTo(bare);
    assertThat(
            ProvenanceBundle.verify(
                ProvenanceBundle.sign(build, key), run, statement.subjects(), SigstoreTrust.NONE))
        .isEqualTo(build);
  }

  @ParameterizedTest
  @CsvSource({
    "https://token.actions.githubusercontent.com, https://github.com",
    "https://token.actions.githubusercontent.com/acme, https://github.com",
    "https://token.actions.githubusercontent.com.evil.example, "
        + "https://token.actions.githubusercontent.com.evil.example",
    "https://ghe.example/_services/token, https://ghe.example",
    "https://forge.example/api/actions, https://forge.example",
    "https://gitlab.com, https://gitlab.com",
    "https://own.example/gitlab, https://own.example/gitlab"
  })
  void repositoriesLieWhereTheIssuersServiceIs(String issuer, String server) {
    assertThat(run(issuer).server()).isEqualTo(server);
    assertThat(run(issuer).repositoryAddress()).isEqualTo(server + "/acme/http");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a/../b", "/etc", "a//b", "a/", "./a", "C:/x", "a\\b"})
  void aFolderThatLeadsElsewhereIsRefused(String directory) {
    assertThatThrownBy(() -> build(directory)).isInstanceOf(IllegalArgumentException.class);
    String text =
        new String(build("lib").bytes(), StandardCharsets.UTF_8)
            .replace("\"lib\"", '"' + directory.replace("\\", "\\\\") + '"');
    assertThatThrownBy(() -> BuildProvenance.read(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("expected a folder of the repository");
  }

  private @Nullable String differenceOf(@Nullable String invocation) {
    return BuildProvenance.of(
            statement, run, "", null, "https://github.com/actions/runner/x", invocation)
        .differenceFrom(run);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/acme/http/actions/runs/5",
        "https://github.com/acme/http2/actions/runs/5",
        "https://github.com/acme/http",
        "https://github.com/acme/http/",
        "https://github.com/acme/http/../other/actions/runs/5",
        "https://github.com/acme/http/actions/runs/5?x=1",
        "https://github.com/acme/http/actions/runs/5#x",
        "https://github.com/acme/http//x",
        "https://github.com/acme/http/x/..",
        "https://github.com/acme/http/a b",
        "javascript:alert(1)",
        ""
      })
  void aRunLiesInTheRepositoryOfItsToken(String elsewhere) {
    assertThat(differenceOf(elsewhere)).startsWith("invocation: expected a run of");
    assertThat(differenceOf("https://github.com/acme/http/actions/runs/5")).isNull();
    assertThat(differenceOf("https://github.com/acme/http/-/jobs/5")).isNull();
    assertThat(differenceOf(null)).isNull();
  }

  @Test
  void aRunIsTheOneAtItsAddressOrAnAttemptOfIt() {
    BuildProvenance build = build("");
    assertThat(build.isOfRun("https://github.com/acme/http/actions/runs/5")).isTrue();
    assertThat(build.isOfRun("https://github.com/acme/http/actions/runs/5/attempts/1")).isTrue();
    assertThat(build.isOfRun("https://github.com/acme/http/actions/runs/55")).isFalse();
    assertThat(build.isOfRun("https://github.com/acme/http/actions/runs/")).isFalse();
    assertThat(BuildProvenance.of(statement, run, "", null, run.issuer(), null).isOfRun("x"))
        .isTrue();
  }

  @Test
  void whatAPersonSignedShowsNothingOfABuild() {
    byte[] bundle = ProvenanceBundle.sign(build(""), key);
    assertThatThrownBy(
            () ->
                ProvenanceBundle.verify(
                    bundle,
                    new Identity.Key(1, key.verificationKey()),
                    statement.subjects(),
                    SigstoreTrust.NONE))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("with a person's key");
  }

  @Test
  void everyChangedByteIsRefused() {
    byte[] bundle = ProvenanceBundle.sign(build("lib"), key);
    Random random = new Random(7);
    for (int i = 0; i < bundle.length; i++) {
      byte[] changed = bundle.clone();
      changed[i] ^= (byte) (1 << random.nextInt(7));
      try {
        BuildProvenance read =
            ProvenanceBundle.verify(changed, run, statement.subjects(), SigstoreTrust.NONE);
        // The hint which key signed is trusted by nobody.
        assertThat(read).as("byte " + i).isEqualTo(build("lib"));
      } catch (SigningException refused) {
        assertThat(refused.code()).isIn("RAYA-SEC-009", "RAYA-SEC-007");
      }
    }
  }
}

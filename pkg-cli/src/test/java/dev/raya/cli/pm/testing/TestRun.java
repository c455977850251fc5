package dev.raya.cli.pm.testing;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import org.jspecify.annotations.Nullable;

/** A run of the release workflow of {@code https://ci.example/ann/fmt}. */
public final class TestRun {
  /** The commit it ran on. */
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** What its ID token is exchanged for. */
  static final String TOKEN = "raya_run";

  private TestRun() {}

  /** The same run with the key that was bound to it. */
  static Identity.Oidc withKey(Identity.@Nullable Oidc run, String publicKey) {
    if (run == null) {
      throw new IllegalStateException("no run is expected");
    }
    return new Identity.Oidc(
        run.issuer(),
        run.owner(),
        run.ownerId(),
        run.repository(),
        run.repositoryId(),
        run.workflow(),
        run.ref(),
        run.environment(),
        run.sha(),
        VerificationKey.ofBase64(publicKey));
  }

  /** The run, which signs with a key. */
  public static Identity.Oidc of(SigningKey key) {
    return of(key, COMMIT);
  }

  /** A run on a commit. */
  public static Identity.Oidc of(SigningKey key, String commit) {
    return new Identity.Oidc(
        "https://ci.example",
        "ann",
        "1",
        "fmt",
        "2",
        ".github/workflows/release.yml",
        "refs/tags/v1.0.0",
        null,
        commit,
        key.verificationKey());
  }

  /** Provenance of what it built in the repository's own folder. */
  public static BuildProvenance build(
      PublishStatement statement, Identity.Oidc run, @Nullable Digest lockfile) {
    return BuildProvenance.of(
        statement,
        run,
        "",
        lockfile,
        "https://ci.example/actions/runner/github-hosted",
        "https://ci.example/ann/fmt/actions/runs/5");
  }
}

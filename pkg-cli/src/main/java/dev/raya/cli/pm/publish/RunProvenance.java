package dev.raya.cli.pm.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Environment;
import dev.raya.cli.pm.fetch.git.LocalCheckout;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Provenance of what a workflow's run builds. Who the run is says the registry, which read it from
 * the run's ID token; the variables of the CI service add what no token says: on which machines,
 * and where the run can be looked at.
 *
 * @param run the run
 * @param directory the project's folder in the repository; empty for the repository's own
 * @param lockfile digest of {@code raya.lock}, or null if there is none
 * @param builder address that stands for the machines
 * @param invocation address of the run, or null
 */
public record RunProvenance(
    Identity.Oidc run,
    String directory,
    @Nullable Digest lockfile,
    String builder,
    @Nullable String invocation) {

  /**
   * Why this run's sources are not those of the commit that its token names, so that provenance
   * would lie, or cannot be named; empty if they are, or nothing here tells.
   *
   * @throws IOException if the checkout cannot be read
   */
  public static Optional<String> contradiction(
      ProjectFolder project, Identity.Oidc run, Environment environment) throws IOException {
    if (run.sha() == null) {
      return Optional.of("the ID token names no commit");
    }
    String directory = directory(project.root(), environment);
    if (!BuildProvenance.Source.isFolder(directory)) {
      return Optional.of(
          "its folder in the repository has a name that not every machine can have: " + directory);
    }
    Optional<LocalCheckout> checkout = LocalCheckout.around(project.root());
    if (checkout.isEmpty()) {
      return Optional.empty();
    }
    String head = checkout.get().commit();
    if (!run.sha().equals(head)) {
      return Optional.of("the checkout is at " + head + ", the run is for " + run.sha());
    }
    List<String> changed = checkout.get().changed();
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            changed.getFirst()
                + (changed.size() == 1 ? " differs" : " and more differ")
                + " from the commit "
                + head);
  }

  /**
   * The facts of a run.
   *
   * @throws IOException if the project cannot be read
   */
  public static RunProvenance of(ProjectFolder project, Identity.Oidc run, Environment environment)
      throws IOException {
    Path lockfile = project.lockfile();
    return new RunProvenance(
        run,
        directory(project.root(), environment),
        Files.isRegularFile(lockfile) ? Digest.ofFile(lockfile) : null,
        builder(run, environment),
        invocation(run, environment));
  }

  private static String directory(Path project, Environment environment) throws IOException {
    Path top = LocalCheckout.around(project).map(LocalCheckout::top).orElse(null);
    if (top == null) {
      String workspace = environment.get("GITHUB_WORKSPACE");
      workspace = workspace == null ? environment.get("CI_PROJECT_DIR") : workspace;
      top = workspace == null ? project : Path.of(workspace);
    }
    Path real = project.toRealPath();
    Path realTop = Files.isDirectory(top) ? top.toRealPath() : real;
    return real.startsWith(realTop)
        ? realTop.relativize(real).toString().replace(real.getFileSystem().getSeparator(), "/")
        : "";
  }

  private static String builder(Identity.Oidc run, Environment environment) {
    if (environment.get("GITLAB_CI") != null) {
      String runner = environment.get("CI_RUNNER_ID");
      return run.server() + "/-/runners/" + (runner == null ? "unknown" : runner);
    }
    if (environment.get("GITHUB_ACTIONS") != null) {
      String kind = environment.get("RUNNER_ENVIRONMENT");
      return run.server() + "/actions/runner/" + (kind == null ? "self-hosted" : kind);
    }
    return run.issuer();
  }

  private static @Nullable String invocation(Identity.Oidc run, Environment environment) {
    if (environment.get("GITLAB_CI") != null) {
      String job = environment.get("CI_JOB_URL");
      return job != null && job.startsWith(run.repositoryAddress() + '/') ? job : null;
    }
    String id = environment.get("GITHUB_RUN_ID");
    String attempt = environment.get("GITHUB_RUN_ATTEMPT");
    return id == null
        ? null
        : run.repositoryAddress()
            + "/actions/runs/"
            + id
            + (attempt == null ? "" : "/attempts/" + attempt);
  }

  /** Signs the publish statement and this with the key of the run. */
  public Attestor signedWith(SigningKey key) {
    return statement -> {
      List<Attestor.Attestation> all =
          new ArrayList<>(Attestor.with(PublisherKey.plain(key)).attest(statement));
      all.add(
          new Attestor.Attestation(
              BuildProvenance.PREDICATE_TYPE, ProvenanceBundle.sign(about(statement), key)));
      return List.copyOf(all);
    };
  }

  /** Has Sigstore sign the publish statement and this. */
  public Attestor signedBy(KeylessSigning signing) {
    return statement -> {
      List<byte[]> bundles = signing.sign(List.of(statement.bytes(), about(statement).bytes()));
      return List.of(
          new Attestor.Attestation(PublishStatement.PREDICATE_TYPE, bundles.getFirst()),
          new Attestor.Attestation(BuildProvenance.PREDICATE_TYPE, bundles.getLast()));
    };
  }

  private BuildProvenance about(PublishStatement statement) {
    return BuildProvenance.of(statement, run, directory, lockfile, builder, invocation);
  }
}

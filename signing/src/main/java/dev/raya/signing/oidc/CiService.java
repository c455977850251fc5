package dev.raya.signing.oidc;

import dev.raya.signing.key.Identity;
import dev.raya.signing.key.VerificationKey;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services whose claims can be read: which workflow ran, where, and what set it off. */
public enum CiService {
  /** GitHub Actions, also of an own server. */
  GITHUB,
  /** GitLab CI, also of an own server. */
  GITLAB,
  /** Forgejo Actions: the same claims as GitHub's. */
  FORGEJO;

  /**
   * Events that run a workflow on what somebody without rights to the repository proposes, or with
   * what such a run left behind; their tokens never publish.
   */
  private static final Set<String> FOREIGN_EVENTS =
      Set.of(
          "pull_request",
          "pull_request_target",
          "merge_request_event",
          "external_pull_request_event");

  /** Whether runs that an event sets off never publish. */
  public static boolean isForeign(String event) {
    return FOREIGN_EVENTS.contains(event);
  }

  /** The name in {@code trust/oidc.json}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The service of that name. */
  public static Optional<CiService> of(String id) {
    for (CiService service : values()) {
      if (service.id().equals(id)) {
        return Optional.of(service);
      }
    }
    return Optional.empty();
  }

  /**
   * The workflow that a verified token was made for. Its {@code workflow} is the path of the file
   * in its repository; where that is not the repository that runs it (a reusable workflow), the
   * repository's name and a slash stand before it, at GitLab two, as it writes them itself.
   *
   * @param key that the workflow signs with, or null
   * @throws IdTokenException if a claim is missing or malformed, or the event is one on which
   *     nothing may be published
   */
  public Identity.Oidc identity(IdToken token, @Nullable VerificationKey key)
      throws IdTokenException {
    return this == GITLAB ? gitlab(token, key) : github(token, key);
  }

  /**
   * Where the run of a verified token can be looked at; empty if the service does not tell.
   *
   * @param run what {@link #identity} made of the token
   * @throws IdTokenException if the claim is malformed
   */
  public Optional<String> runAddress(IdToken token, Identity.Oidc run) throws IdTokenException {
    String claim = this == GITLAB ? "job_id" : "run_id";
    if (!token.claims().has(claim)) {
      return Optional.empty();
    }
    String below = this == GITLAB ? "/-/jobs/" : "/actions/runs/";
    return Optional.of(run.repositoryAddress() + below + number(token, claim));
  }

  private static Identity.Oidc github(IdToken token, @Nullable VerificationKey key)
      throws IdTokenException {
    refuseForeign(token.text("event_name"));
    String repository = token.text("repository");
    String owner = token.text("repository_owner");
    if (!repository.startsWith(owner + '/') || repository.indexOf('/') != owner.length()) {
      throw new IdTokenException("the repository " + repository + " is not of the owner " + owner);
    }
    String file = token.claims().has("job_workflow_ref") ? "job_workflow_ref" : "workflow_ref";
    return new Identity.Oidc(
        token.issuer(),
        owner,
        number(token, "repository_owner_id"),
        repository.substring(owner.length() + 1),
        number(token, "repository_id"),
        path(token.text(file), repository + '/'),
        token.text("ref"),
        token.claims().has("environment") ? token.text("environment") : null,
        token.text("sha"),
        key);
  }

  private static Identity.Oidc gitlab(IdToken token, @Nullable VerificationKey key)
      throws IdTokenException {
    refuseForeign(token.text("pipeline_source"));
    String project = token.text("project_path");
    String owner = token.text("namespace_path");
    if (!project.startsWith(owner + '/')) {
      throw new IdTokenException("the project " + project + " is not of the group " + owner);
    }
    // host/group/project//path@ref: the two slashes tell where the project's name ends
    String uri = token.text("ci_config_ref_uri");
    int host = uri.indexOf('/');
    int end = uri.indexOf("//", host + 1);
    if (host < 0 || end < 0) {
      throw new IdTokenException("expected a workflow file and its reference, found " + uri);
    }
    String file =
        uri.substring(host + 1, end).equals(project)
            ? project + uri.substring(end + 1)
            : uri.substring(host + 1, end) + uri.substring(end);
    return new Identity.Oidc(
        token.issuer(),
        owner,
        number(token, "namespace_id"),
        project.substring(owner.length() + 1),
        number(token, "project_id"),
        path(file, project + '/'),
        token.text("ref_path"),
        token.claims().has("environment") ? token.text("environment") : null,
        token.text("sha"),
        key);
  }

  private static void refuseForeign(String event) throws IdTokenException {
    if (isForeign(event)) {
      throw new IdTokenException("a workflow that " + event + " set off may not publish");
    }
  }

  private static String number(IdToken token, String name) throws IdTokenException {
    String text = token.text(name);
    if (!text.matches("[0-9]{1,20}")) {
      throw new IdTokenException("expected a number in " + name);
    }
    return text;
  }

  private static String path(String reference, String repository) throws IdTokenException {
    int at = reference.indexOf('@');
    if (at < 0) {
      throw new IdTokenException("expected a workflow file and its reference, found " + reference);
    }
    String file = reference.substring(0, at);
    return file.startsWith(repository) ? file.substring(repository.length()) : file;
  }
}

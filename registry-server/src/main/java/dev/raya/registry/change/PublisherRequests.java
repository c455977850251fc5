package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.oidc.IssuerDirectory;
import dev.raya.registry.oidc.PendingPublishers;
import dev.raya.registry.packages.PackageViews;
import dev.raya.registry.packages.Publishers;
import dev.raya.signing.key.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The writes of {@code /packages/NAME/publishers}. Of a name without versions they change what
 * waits for its first one.
 */
@ApplicationScoped
class PublisherRequests {
  private static final String OPEN = "tokenPublishing";
  private static final String PROVENANCE = "provenance";
  private static final String ANOTHER = "promotedByAnother";

  private static final Set<String> MEMBERS =
      Set.of(
          "issuer",
          "owner",
          "ownerId",
          "repository",
          "repositoryId",
          "workflow",
          "ref",
          "environment");

  private final PackageChanges changes;
  private final PackageViews packages;
  private final PendingPublishers pending;
  private final IssuerDirectory issuers;

  @Inject
  PublisherRequests(
      PackageChanges changes,
      PackageViews packages,
      PendingPublishers pending,
      IssuerDirectory issuers) {
    this.changes = changes;
    this.packages = packages;
    this.pending = pending;
    this.issuers = issuers;
  }

  /** {@code POST}: a workflow may publish. */
  Response add(Caller caller, String name, InputStream body, String requestId)
      throws RegistryException, IOException {
    Identity.Oidc workflow = workflow(RequestBodies.object(body, MEMBERS));
    if (pending.isFree(name)) {
      boolean added = pending.add(caller, name, workflow, requestId);
      return answer(Publishers.pending(name, pending.of(caller, name)), added);
    }
    boolean added =
        changes.make(caller, name, TokenScope.OWNER, new PublishersChange.Add(workflow, requestId));
    return answer(document(name), added);
  }

  /** {@code PUT}: one of the rules of publishing is set. */
  Response rule(Caller caller, String name, InputStream body, String requestId)
      throws RegistryException, IOException {
    JsonFields fields = RequestBodies.object(body, Set.of(OPEN, PROVENANCE, ANOTHER));
    PackageChanges.Change change;
    try {
      if (fields.names().size() != 1) {
        throw fields.fault(OPEN, "expected one of this, " + PROVENANCE + " and " + ANOTHER);
      }
      change =
          fields.has(OPEN)
              ? new PublishersChange.TokenPublishing(fields.bool(OPEN, true), requestId)
              : fields.has(PROVENANCE)
                  ? new PublishersChange.Provenance(fields.bool(PROVENANCE, false), requestId)
                  : new PromotionChange(fields.bool(ANOTHER, false), requestId);
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
    boolean changed = changes.make(caller, name, TokenScope.OWNER, change);
    return answer(document(name), changed);
  }

  /** {@code DELETE}: a publisher may publish no longer. */
  Response remove(Caller caller, String name, String id, String requestId)
      throws RegistryException {
    if (pending.isFree(name)) {
      pending.remove(caller, name, id, requestId);
      return answer(Publishers.pending(name, pending.of(caller, name)), true);
    }
    boolean removed =
        changes.make(caller, name, TokenScope.OWNER, new PublishersChange.Remove(id, requestId));
    return answer(document(name), removed);
  }

  /**
   * Reads the workflow that a request names.
   *
   * @throws RegistryException if it is malformed or of an issuer that this registry does not take
   */
  private Identity.Oidc workflow(JsonFields fields) throws RegistryException {
    try {
      Map<String, Json> members = new TreeMap<>(fields.object().members());
      members.put("kind", Json.of("oidc"));
      Identity identity = Identity.read(JsonFields.root(new Json.Obj(members)));
      if (!(identity instanceof Identity.Oidc workflow)) {
        throw new IllegalStateException("the kind was set above");
      }
      if (!workflow.ownerId().matches("[0-9]{1,20}")) {
        throw fields.fault("ownerId", "expected the number of the owner at the issuer");
      }
      if (!workflow.repositoryId().matches("[0-9]{1,20}")) {
        throw fields.fault("repositoryId", "expected the number of the repository at the issuer");
      }
      if (!workflow.ref().startsWith("refs/")) {
        throw fields.fault("ref", "expected refs/heads/…, refs/tags/… or a pattern of them");
      }
      issuers.issuer(workflow.issuer());
      return workflow;
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private Json document(String name) throws RegistryException {
    return Publishers.find(name).orElseThrow(() -> packages.unknown(name));
  }

  private static Response answer(Json document, boolean changed) {
    return Answers.json(200, document)
        .header("Cache-Control", "no-store")
        .header("Raya-Changed", changed)
        .build();
  }
}

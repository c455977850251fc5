package dev.raya.registry.oidc;

import dev.raya.cache.json.Json;
import dev.raya.registry.account.Authenticator;
import dev.raya.registry.account.Caller;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.RegistryException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /publishers}: the workflows of an account that wait for the first version of a name.
 */
@Path("/publishers")
@RunOnVirtualThread
public final class PendingResource {
  private final Authenticator authenticator;
  private final PendingPublishers pending;

  @Inject
  PendingResource(Authenticator authenticator, PendingPublishers pending) {
    this.authenticator = authenticator;
    this.pending = pending;
  }

  /** All of the account, by name. */
  @GET
  public Response list(@HeaderParam("Authorization") @Nullable String authorization)
      throws RegistryException {
    Caller caller = authenticator.require(authorization);
    caller.requirePerson();
    return Answers.fresh(
        Json.object()
            .put("schema", "raya/pending-publishers/1")
            .put("account", caller.account())
            .put("packages", Json.array(pending.all(caller)))
            .build());
  }
}

package dev.raya.registry.publish;

import dev.raya.registry.account.Authenticator;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.RegistryException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** {@code GET /stages} and {@code GET /stages/ID}: staged releases, for tokens that read. */
@Path("/stages")
@RunOnVirtualThread
public final class StagesResource {
  private final Authenticator authenticator;
  private final Stages stages;

  @Inject
  StagesResource(Authenticator authenticator, Stages stages) {
    this.authenticator = authenticator;
    this.stages = stages;
  }

  /** The releases that the caller's account may promote or drop. */
  @GET
  public Response list(@HeaderParam("Authorization") @Nullable String authorization)
      throws RegistryException {
    return Answers.fresh(stages.list(authenticator.require(authorization)));
  }

  /** One release. */
  @GET
  @Path("{id}")
  public Response get(
      @HeaderParam("Authorization") @Nullable String authorization, @PathParam("id") String id)
      throws RegistryException {
    return Answers.fresh(stages.read(authenticator.require(authorization), id));
  }
}

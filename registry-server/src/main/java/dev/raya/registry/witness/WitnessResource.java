package dev.raya.registry.witness;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.LocalWitness;
import dev.raya.registry.signer.WitnessedLogs;
import dev.raya.signing.SigningException;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** {@code POST /witness/add-checkpoint}, for the logs that the operator names. */
@Path("/witness/add-checkpoint")
@RunOnVirtualThread
public final class WitnessResource {
  private final RegistrySettings settings;
  private final LocalWitness witness;

  @Inject
  WitnessResource(RegistrySettings settings, LocalWitness witness) {
    this.settings = settings;
    this.witness = witness;
  }

  /** Cosigns a checkpoint, or says by the status why not. */
  @POST
  public Response add(InputStream body) throws RegistryException, IOException {
    if (!WitnessedLogs.any(settings.directory())) {
      throw new RegistryException(
          Problem.NOT_FOUND,
          "this registry witnesses no logs",
          "its operator can name some in " + WitnessedLogs.FILE);
    }
    try {
      AddCheckpoint request =
          AddCheckpoint.parse(RequestBodies.whole(body, AddCheckpoint.MAX_BYTES));
      return text(200, "text/plain; charset=utf-8", witness.cosign(request));
    } catch (WitnessException e) {
      return e.reason() == WitnessException.Reason.CONFLICT
          ? text(e.reason().status(), "text/x.tlog.size", e.size() + "\n")
          : text(e.reason().status(), "text/plain; charset=utf-8", e.getMessage() + "\n");
    } catch (SigningException e) {
      return text(400, "text/plain; charset=utf-8", e.getMessage() + "\n");
    }
  }

  private static Response text(int status, String type, String text) {
    return Response.status(status)
        .type(type)
        .header("Cache-Control", "no-store")
        .entity(text)
        .build();
  }
}

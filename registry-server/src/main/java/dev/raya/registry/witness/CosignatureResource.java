package dev.raya.registry.witness;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.log.TransparencyLog;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.trust.OtherWitnesses;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.SignedNote;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * {@code POST /witness/add-cosignature}: a witness that nobody can ask, such as a job that runs now
 * and then, brings a checkpoint of this log that it cosigned. Its signature is all that it has to
 * show: only keys that the operator names count.
 */
@Path("/witness/add-cosignature")
@RunOnVirtualThread
public final class CosignatureResource {
  private final RegistrySettings settings;
  private final TransparencyLog log;

  @Inject
  CosignatureResource(RegistrySettings settings, TransparencyLog log) {
    this.settings = settings;
    this.log = log;
  }

  /** Takes the cosignatures of a note. */
  @POST
  public Response add(InputStream body) throws RegistryException, IOException {
    List<OtherWitnesses.Other> witnesses =
        OtherWitnesses.notOwn(settings.directory(), settings.origin());
    if (witnesses.isEmpty()) {
      throw new RegistryException(
          Problem.NOT_FOUND,
          "this registry has no witnesses but its own",
          "its operator can name some in " + OtherWitnesses.FILE);
    }
    try {
      SignedNote note = SignedNote.parse(RequestBodies.whole(body, SignedNote.MAX_BYTES));
      if (!log.cosigned(note, OtherWitnesses.keys(witnesses))) {
        throw new RegistryException(
            Problem.FORBIDDEN,
            "no witness that this registry names cosigned the checkpoint",
            "its operator names witnesses in " + OtherWitnesses.FILE);
      }
      return Response.noContent().header("Cache-Control", "no-store").build();
    } catch (SigningException refused) {
      throw new RegistryException(
          Problem.MALFORMED,
          String.valueOf(refused.getMessage()),
          "bring the newest note of /log/checkpoint with all the signatures that it is served with");
    }
  }
}

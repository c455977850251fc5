package dev.raya.registry.publish;

import dev.raya.registry.account.Authenticator;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.PacedBody;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /publish}. */
@Path("/publish")
@RunOnVirtualThread
public final class PublishResource {
  private static final long MAX_REQUEST = 512L << 20;

  /** How much of a refused body is still read, so that the client gets to read the answer. */
  private static final long MAX_DRAIN = 80L << 20;

  /** For how long: whoever was refused must not hold a connection by dripping. */
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(20);

  private final Authenticator authenticator;
  private final Publisher publisher;
  private final UploadSlots slots;

  @Inject
  PublishResource(Authenticator authenticator, Publisher publisher, UploadSlots slots) {
    this.authenticator = authenticator;
    this.publisher = publisher;
    this.slots = slots;
  }

  /** Takes a version. */
  @POST
  public Response publish(
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("Content-Type") @Nullable String contentType,
      @HeaderParam("Content-Length") @Nullable String contentLength,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException {
    try {
      Map<String, String> query = QueryParameters.of(context, Set.of("dry-run"));
      long length = length(contentLength);
      Caller caller = authenticator.require(authorization);
      caller.require(TokenScope.PUBLISH);
      if (length > MAX_REQUEST) {
        throw new RegistryException(
            Problem.TOO_LARGE, "expected at most 512 MiB, found " + length + " bytes");
      }
      try (UploadSlots.Slot _ = slots.take(caller.account())) {
        Published published =
            publisher.publish(
                new Publication.Request(
                    caller,
                    contentType == null ? "" : contentType,
                    RequestId.of(context),
                    QueryParameters.flag(query, "dry-run")),
                new PacedBody(body));
        return Answers.json(published.status(), published.body())
            .header("Location", published.location())
            .header("Cache-Control", "no-store")
            .build();
      }
    } catch (RegistryException e) {
      drain(body);
      throw e;
    }
  }

  private static long length(@Nullable String header) throws RegistryException {
    try {
      if (header != null) {
        return Long.parseLong(header);
      }
    } catch (NumberFormatException e) {
      throw new RegistryException(Problem.MALFORMED, "Content-Length is no number");
    }
    throw new RegistryException(Problem.MALFORMED, "a publish needs a Content-Length");
  }

  private static void drain(InputStream body) {
    try {
      byte[] waste = new byte[64 << 10];
      long rest = MAX_DRAIN;
      long end = System.nanoTime() + DRAIN_PATIENCE.toNanos();
      for (int n = body.read(waste);
          n >= 0 && rest > 0 && System.nanoTime() < end;
          n = body.read(waste)) {
        rest -= n;
      }
    } catch (IOException e) {
      // The client stopped sending; the refusal stands, whether or not anybody reads it.
      return;
    }
  }
}

package dev.raya.registry.http;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bodies of answers: canonical JSON, so that equal states have equal bytes and ETags. */
public final class Answers {
  /** Media type of JSON answers. */
  public static final String JSON = "application/json";

  /** Media type of problems. */
  public static final String PROBLEM = "application/problem+json";

  private Answers() {}

  /** 200 with a body that must not be kept. */
  public static Response fresh(Json body) {
    return json(200, body).header("Cache-Control", "no-store").build();
  }

  /** A body of that status; the caller adds headers. */
  public static Response.ResponseBuilder json(int status, Json body) {
    return Response.status(status).type(JSON).entity(CanonicalJson.bytes(body));
  }

  /**
   * A readable document with ETag and Cache-Control; 304 without body if the client has it.
   *
   * @param ifNoneMatch the request's header, or null
   */
  public static Response cached(
      Json body, String cacheControl, @org.jspecify.annotations.Nullable String ifNoneMatch) {
    return cached(CanonicalJson.bytes(body), JSON, cacheControl, ifNoneMatch);
  }

  /** The same for bytes of any type. */
  public static Response cached(
      byte[] body,
      String type,
      String cacheControl,
      @org.jspecify.annotations.Nullable String ifNoneMatch) {
    String etag = '"' + Digest.of(body).hex() + '"';
    Response.ResponseBuilder answer =
        Etags.matches(ifNoneMatch, etag)
            ? Response.status(304)
            : Response.ok(body).type(type).header("Content-Length", body.length);
    return answer
        .header("ETag", etag)
        .header("Cache-Control", cacheControl)
        .header("Vary", "Accept")
        .build();
  }

  /**
   * The problem document.
   *
   * @param origin the registry's own name
   * @param requestId id of the request, the problem's instance
   */
  public static Json.Obj problem(RegistryException refusal, String origin, String requestId) {
    List<Json> errors = new ArrayList<>();
    for (RegistryException.Fault fault : refusal.faults()) {
      errors.add(
          Json.object().put("pointer", fault.pointer()).put("detail", fault.detail()).build());
    }
    Json.ObjectBuilder body =
        Json.object()
            .put("type", origin + "/help/errors/" + refusal.code())
            .put("title", refusal.problem().title())
            .put("status", refusal.problem().status())
            .put("detail", refusal.detail())
            .put("instance", "urn:raya:request:" + requestId)
            .put("code", refusal.code())
            .putUnlessEmpty("hint", refusal.hint());
    if (!errors.isEmpty()) {
      body.put("errors", Json.array(errors));
    }
    retryAfter(refusal).ifPresent(seconds -> body.put("retryAfter", seconds.longValue()));
    return body.build();
  }

  /** Seconds after which the same request may go through. */
  public static Optional<Integer> retryAfter(RegistryException refusal) {
    return switch (refusal.problem()) {
      case BUSY -> Optional.of(2);
      case TOO_MANY_REQUESTS -> Optional.of(10);
      default -> Optional.empty();
    };
  }
}

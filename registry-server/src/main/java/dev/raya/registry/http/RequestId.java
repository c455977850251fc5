package dev.raya.registry.http;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** The id of a request: made here, in every answer and in every log line about it. */
public final class RequestId {
  /** The header of answers. */
  public static final String HEADER = "X-Request-Id";

  private static final String KEY = "raya.request-id";

  private RequestId() {}

  /** The id of this request. */
  public static String of(RoutingContext context) {
    String id = context.get(KEY);
    if (id == null) {
      id = UUID.randomUUID().toString();
      context.put(KEY, id);
    }
    return id;
  }
}

package dev.raya.registry.web;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.http.Etags;
import io.quarkus.qute.TemplateInstance;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rendered pages as answers. */
final class HtmlAnswers {
  private static final String TYPE = "text/html; charset=utf-8";

  private HtmlAnswers() {}

  /** Whether a request asks for a page: what browsers send, and tools do not. */
  static boolean wanted(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    return accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html");
  }

  /** A page that may be kept and asked about again. */
  static Response page(TemplateInstance template, @Nullable String ifNoneMatch) {
    byte[] body = template.render().getBytes(StandardCharsets.UTF_8);
    String etag = '"' + Digest.of(body).hex().substring(0, 32) + '"';
    Response.ResponseBuilder answer =
        Etags.matches(ifNoneMatch, etag)
            ? Response.status(304)
            : Response.ok(body).header("Content-Type", TYPE);
    return answer
        .header("ETag", etag)
        .header("Cache-Control", "public, max-age=0, must-revalidate")
        .header("Vary", "Accept")
        .build();
  }

  /** A page that says what went wrong. */
  static Response problem(TemplateInstance template, int status) {
    return Response.status(status)
        .header("Content-Type", TYPE)
        .header("Cache-Control", "no-store")
        .header("Vary", "Accept")
        .entity(template.render().getBytes(StandardCharsets.UTF_8))
        .build();
  }
}

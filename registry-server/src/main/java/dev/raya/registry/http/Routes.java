package dev.raya.registry.http;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.settings.RegistrySettings;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Locale;

/** What happens to every request before a resource sees it, and the static files. */
@ApplicationScoped
public class Routes {
  private static final String ALIAS = "/api/v1";

  /** Nothing but our own files; nothing inline. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'; require-trusted-types-for 'script'";

  private final StaticFiles files;
  private final RegistrySettings settings;

  @Inject
  Routes(StaticFiles files, RegistrySettings settings) {
    this.files = files;
    this.settings = settings;
  }

  /** A refusal before any resource is reached. */
  private void refuse(RoutingContext context, RegistryException refusal) {
    String id = RequestId.of(context);
    context
        .response()
        .setStatusCode(refusal.problem().status())
        .putHeader(RequestId.HEADER, id)
        .putHeader("Content-Type", Answers.PROBLEM)
        .putHeader("Cache-Control", "no-store")
        .end(Buffer.buffer(CanonicalJson.bytes(Answers.problem(refusal, settings.origin(), id))));
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE + 10).handler(this::prepare);
    router
        .route(ALIAS + "/*")
        .order(Integer.MIN_VALUE + 20)
        .handler(context -> context.reroute(context.request().uri().substring(ALIAS.length())));
    for (String path : StaticFiles.PREFIXES) {
      router.route(HttpMethod.GET, path + "*").order(Integer.MIN_VALUE + 30).handler(files);
      router.route(HttpMethod.HEAD, path + "*").order(Integer.MIN_VALUE + 30).handler(files);
    }
    router
        .routeWithRegex(HttpMethod.GET, StaticFiles.ADVISORY_FILES)
        .order(Integer.MIN_VALUE + 30)
        .handler(files);
  }

  private void prepare(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.uri().toLowerCase(Locale.ROOT).contains("%00")) {
      // No name, query or path of ours holds a NUL, and the database cannot.
      refuse(context, new RegistryException(Problem.MALFORMED, "an address holds no NUL (%00)"));
      return;
    }
    MultiMap headers = context.response().headers();
    headers.set(RequestId.HEADER, RequestId.of(context));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) {
      // Reads are open to other sites; writes are not, so that no page can spend a visitor's token.
      headers.set("Access-Control-Allow-Origin", "*");
    }
    context.next();
  }
}

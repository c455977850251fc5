package dev.raya.registry.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;

/** A refusal as a page, for requests that ask for HTML. */
public interface ProblemPage {
  /** Whether the request comes from a browser that shows the answer. */
  boolean wanted(RoutingContext context);

  /** The page, with the refusal's status. */
  Response render(RegistryException refusal, RoutingContext context);
}

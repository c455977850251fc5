package dev.raya.registry.search;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;

/** Search results as a page, for requests that ask for HTML. */
public interface SearchPage {
  /** Whether the request comes from a browser that shows the answer. */
  boolean wanted(RoutingContext context);

  /**
   * The page.
   *
   * @param query what was searched for
   * @param found the first results, and where the next begin
   */
  Response render(String query, PackageSearch.Page found);
}

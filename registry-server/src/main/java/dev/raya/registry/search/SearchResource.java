package dev.raya.registry.search;

import dev.raya.cache.json.Json;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /search}: JSON for programs, a page for browsers. */
@Path("/search")
@RunOnVirtualThread
public final class SearchResource {
  private static final int DEFAULT_LIMIT = 20;

  private final PackageSearch search;
  private final SearchPage page;

  @Inject
  SearchResource(PackageSearch search, SearchPage page) {
    this.search = search;
    this.page = page;
  }

  /** Packages that match. */
  @GET
  public Response search(
      @QueryParam("q") @DefaultValue("") String query,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
      RoutingContext context)
      throws RegistryException {
    PackageSearch.Page found = search.search(query, limit(limit), cursor);
    if (page.wanted(context)) {
      return page.render(query, found);
    }
    List<Json> items = new ArrayList<>();
    for (PackageSearch.Hit hit : found.hits()) {
      items.add(
          Json.object()
              .put("name", hit.name())
              .put("version", hit.version())
              .put("description", hit.description())
              .put("license", hit.license())
              .put("time", Times.text(hit.updated()))
              .build());
    }
    Json.ObjectBuilder body =
        Json.object().put("schema", "raya/search/1").put("packages", Json.array(items));
    String next = found.next();
    body.putUnlessEmpty("next", next);
    Response answer = Answers.cached(body.build(), "public, max-age=30", ifNoneMatch);
    return next == null
        ? answer
        : Response.fromResponse(answer)
            .header(
                "Link",
                "</search?q="
                    + URLEncoder.encode(query, StandardCharsets.UTF_8)
                    + "&limit="
                    + limit(limit)
                    + "&cursor="
                    + next
                    + ">; rel=\"next\"")
            .build();
  }

  /** Names that begin like a text. */
  @GET
  @Path("suggest")
  public Response suggest(
      @QueryParam("q") @DefaultValue("") String query,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
    return Answers.cached(
        Json.object()
            .put("schema", "raya/suggestions/1")
            .put("suggestions", Json.strings(search.suggest(query)))
            .build(),
        "public, max-age=300",
        ifNoneMatch);
  }

  private static int limit(@Nullable String text) throws RegistryException {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.matches("[0-9]{1,3}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= PackageSearch.MAX_LIMIT) {
        return limit;
      }
    }
    throw new RegistryException(
        Problem.MALFORMED, "limit: expected 1 to " + PackageSearch.MAX_LIMIT);
  }
}

package dev.raya.registry.web;

import dev.raya.registry.search.PackageSearch;
import dev.raya.registry.search.SearchPage;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Search results as a page. */
@ApplicationScoped
public class QuteSearchPage implements SearchPage {
  @Override
  public boolean wanted(RoutingContext context) {
    return HtmlAnswers.wanted(context);
  }

  @Override
  public Response render(String query, PackageSearch.Page found) {
    return HtmlAnswers.page(
        Templates.search(
            new SearchModel(query.strip(), Shown.hits(found.hits()), next(query, found.next()))),
        null);
  }

  private static @Nullable String next(String query, @Nullable String cursor) {
    return cursor == null
        ? null
        : "/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + "&cursor=" + cursor;
  }
}

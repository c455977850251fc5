package dev.raya.registry.web;

import dev.raya.registry.http.ProblemPage;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** A refusal as a page. */
@ApplicationScoped
public class QuteProblemPage implements ProblemPage {
  @Override
  public boolean wanted(RoutingContext context) {
    return HtmlAnswers.wanted(context);
  }

  @Override
  public Response render(RegistryException refusal, RoutingContext context) {
    String hint = refusal.hint();
    return HtmlAnswers.problem(
        Templates.problem(
            new ProblemModel(
                refusal.problem().status(),
                refusal.problem().title(),
                refusal.detail(),
                hint == null ? "" : hint,
                refusal.code(),
                RequestId.of(context))),
        refusal.problem().status());
  }
}

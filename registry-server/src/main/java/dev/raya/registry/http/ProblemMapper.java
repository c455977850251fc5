package dev.raya.registry.http;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.settings.RegistrySettings;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a request ends with into a problem document, or a page for browsers. */
public final class ProblemMapper {
  private static final System.Logger LOG = System.getLogger(ProblemMapper.class.getName());

  /** PostgreSQL's serialization_failure and deadlock_detected. */
  private static final Set<String> RETRYABLE = Set.of("40001", "40P01");

  /** PostgreSQL's too_many_connections. */
  private static final String TOO_MANY_CONNECTIONS = "53300";

  private static final int MAX_CAUSES = 16;

  private final RegistrySettings settings;
  private final ProblemPage page;

  @Inject
  ProblemMapper(RegistrySettings settings, ProblemPage page) {
    this.settings = settings;
    this.page = page;
  }

  /** A refusal that the code foresaw. */
  @ServerExceptionMapper
  public Response refused(RegistryException refusal, RoutingContext context) {
    return answer(refusal, context);
  }

  /** A refusal of the framework: no such path, no such method, no acceptable type. */
  @ServerExceptionMapper
  public Response refused(WebApplicationException refusal, RoutingContext context) {
    RegistryException known =
        switch (refusal) {
          case NotFoundException e -> notFound(context);
          case NotAllowedException e ->
              new RegistryException(
                  Problem.MALFORMED,
                  "the method " + context.request().method() + " does not exist here");
          default ->
              refusal.getResponse().getStatus() >= 500
                  ? fault(refusal, context)
                  : new RegistryException(Problem.MALFORMED, String.valueOf(refusal.getMessage()));
        };
    return answer(known, context);
  }

  /** A client that drips: it is told, and its connection ends, whatever it still sends. */
  @ServerExceptionMapper
  public Response refused(PacedBody.TooSlowException slow, RoutingContext context) {
    context.addEndHandler(ended -> context.request().connection().close());
    return answer(
        new RegistryException(
            Problem.TOO_SLOW,
            "the body came too slowly: " + slow.getMessage(),
            "send it again over another line"),
        context);
  }

  /** A client that is gone: nobody reads the answer, and the registry did nothing wrong. */
  @ServerExceptionMapper
  public Response refused(PacedBody.GoneException gone, RoutingContext context) {
    LOG.log(
        System.Logger.Level.DEBUG, "request " + RequestId.of(context) + ": " + gone.getMessage());
    return answer(
        new RegistryException(
            Problem.MALFORMED, String.valueOf(gone.getMessage()), "send it again"),
        context);
  }

  /**
   * A fault of ours; its stack trace goes to the log, its request id to the client. A transaction
   * that the database ended for the sake of another one is none: it left nothing behind, and the
   * same request goes through once more. Neither is one that found no connection to the database.
   */
  @ServerExceptionMapper
  public Response failed(Throwable failure, RoutingContext context) {
    if (isDatabase(failure, ProblemMapper::isRolledBack)) {
      return answer(rolledBack(failure, context), context);
    }
    return answer(
        isDatabase(failure, ProblemMapper::isCrowded)
            ? crowded(failure, context)
            : fault(failure, context),
        context);
  }

  private static boolean isDatabase(Throwable failure, Predicate<SQLException> kind) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof SQLException database && kind.test(database)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isRolledBack(SQLException failure) {
    return RETRYABLE.contains(Objects.requireNonNullElse(failure.getSQLState(), ""));
  }

  /** The pool has neither a class nor a state for it: its words are all there is. */
  private static boolean isCrowded(SQLException failure) {
    String state = failure.getSQLState();
    return state == null
        ? String.valueOf(failure.getMessage()).contains("cquisition timeout")
        : state.equals(TOO_MANY_CONNECTIONS);
  }

  private static RegistryException crowded(Throwable failure, RoutingContext context) {
    LOG.log(
        System.Logger.Level.WARNING,
        "request "
            + RequestId.of(context)
            + " found no connection to the database: "
            + failure.getMessage());
    return new RegistryException(
        Problem.BUSY,
        "too many requests are waiting for the database",
        "send it again in a moment; what was published already is not published twice");
  }

  private static RegistryException rolledBack(Throwable failure, RoutingContext context) {
    LOG.log(
        System.Logger.Level.WARNING,
        "request " + RequestId.of(context) + " gave way to another one: " + failure.getMessage());
    return new RegistryException(
        Problem.BUSY,
        "another request changed the same things at the same moment; this one changed nothing",
        "send it again");
  }

  private static RegistryException notFound(RoutingContext context) {
    return new RegistryException(
        Problem.NOT_FOUND, "there is nothing at " + context.request().path());
  }

  private static RegistryException fault(Throwable failure, RoutingContext context) {
    LOG.log(System.Logger.Level.ERROR, "request " + RequestId.of(context) + " failed", failure);
    return new RegistryException(
        Problem.INTERNAL,
        "the registry failed; its operator finds the cause under this request id",
        "try again; if it stays, tell the operator the request id");
  }

  private Response answer(RegistryException refusal, RoutingContext context) {
    if (page.wanted(context)) {
      return page.render(refusal, context);
    }
    Response.ResponseBuilder answer =
        Response.status(refusal.problem().status())
            .type(Answers.PROBLEM)
            .header("Cache-Control", "no-store")
            .entity(
                CanonicalJson.bytes(
                    Answers.problem(refusal, settings.origin(), RequestId.of(context))));
    if (refusal.problem() == Problem.NOT_SIGNED_IN) {
      answer.header("WWW-Authenticate", "Bearer realm=\"raya\"");
    }
    Answers.retryAfter(refusal).ifPresent(seconds -> answer.header("Retry-After", seconds));
    return answer.build();
  }
}

package dev.raya.registry.advisory;

import dev.raya.cache.json.Json;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.http.Times;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.version.Version;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /advisories} and {@code /audit} (spec: registry.md 1.2). */
@Path("/")
@RunOnVirtualThread
public final class AdvisoriesResource {
  private static final String SHORT = "public, max-age=60";

  /** Largest lockfile that is audited; some hundred thousand packages. */
  private static final int MAX_LOCKFILE = 8 << 20;

  private final ServedAdvisories served;
  private final AgroalDataSource database;

  @Inject
  AdvisoriesResource(ServedAdvisories served, AgroalDataSource database) {
    this.served = served;
    this.database = database;
  }

  /** All advisories in short. */
  @GET
  @Path("advisories")
  public Response list(@HeaderParam("If-None-Match") @Nullable String ifNoneMatch)
      throws SQLException {
    List<Json> items = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      for (AdvisoryTable.Row row : AdvisoryTable.list(connection)) {
        items.add(
            Json.object()
                .put("id", row.id())
                .put("modified", Times.text(row.modified()))
                .put("withdrawn", row.withdrawn())
                .put("packages", Json.strings(row.packages()))
                .put("summary", row.summary())
                .build());
      }
    }
    return Answers.cached(
        Json.object()
            .put("schema", "raya/advisory-list/1")
            .put("advisories", Json.array(items))
            .build(),
        SHORT,
        ifNoneMatch);
  }

  /** An advisory in OSV form, or the file with all of them. */
  @GET
  @Path("advisories/{id}")
  public Response find(
      @PathParam("id") String id, @HeaderParam("If-None-Match") @Nullable String ifNoneMatch)
      throws RegistryException, SQLException, IOException {
    if (AdvisoryTable.PATH.endsWith('/' + id)) {
      return Answers.cached(served.bytes(), Answers.JSON, SHORT, ifNoneMatch);
    }
    try (Connection connection = database.getConnection()) {
      Optional<Json.Obj> found =
          id.length() <= 100 ? AdvisoryTable.find(connection, id) : Optional.empty();
      if (found.isEmpty()) {
        throw new RegistryException(
            Problem.NOT_FOUND, "there is no advisory of that id", "GET /advisories lists them");
      }
      return Answers.cached(found.get(), SHORT, ifNoneMatch);
    }
  }

  /** The advisories that hit a lockfile, which is the body. */
  @POST
  @Path("audit")
  public Response audit(RoutingContext context, InputStream body)
      throws RegistryException, IOException {
    QueryParameters.of(context, Set.of());
    Lockfile lockfile;
    try {
      lockfile = LockfileCodec.read(Lockfile.FILE_NAME, RequestBodies.whole(body, MAX_LOCKFILE));
    } catch (LockfileException e) {
      throw new RegistryException(
          Problem.MALFORMED,
          String.valueOf(e.getMessage()),
          "the body is a raya.lock as raya-pm writes it");
    }
    Advisories advisories = served.advisories();
    List<Json> hits = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      for (Advisory advisory : advisories.hitting(locked.name(), locked.version())) {
        hits.add(
            Json.object()
                .put("id", advisory.id())
                .put("name", locked.name().text())
                .put("version", locked.version().text())
                .put("summary", advisory.summary())
                .put("severity", advisory.severity())
                .put("url", advisory.url())
                .put("aliases", Json.strings(advisory.aliases()))
                .put(
                    "fixed",
                    Json.strings(
                        advisory.fixesOf(locked.name()).stream().map(Version::text).toList()))
                .build());
      }
    }
    return Answers.fresh(
        Json.object()
            .put("schema", "raya/audit/1")
            .put("packages", lockfile.packages().size())
            .put("advisories", Json.array(hits))
            .build());
  }
}

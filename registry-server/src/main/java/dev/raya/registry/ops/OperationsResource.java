package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.storage.StorageException;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Health and discovery. */
@Path("/")
@RunOnVirtualThread
public final class OperationsResource {
  private static final int PATIENCE_SECONDS = 5;

  private final RegistrySettings settings;
  private final AgroalDataSource database;

  @Inject
  OperationsResource(RegistrySettings settings, AgroalDataSource database) {
    this.settings = settings;
    this.database = database;
  }

  /** The process answers. */
  @GET
  @Path("health/live")
  public Response live() {
    return up();
  }

  /** The process has started; it answers nothing before that. */
  @GET
  @Path("health/started")
  public Response started() {
    return up();
  }

  /** Requests can be served: the database answers. */
  @GET
  @Path("health/ready")
  public Response ready() throws RegistryException {
    try (Connection connection = database.getConnection()) {
      if (connection.isValid(PATIENCE_SECONDS)) {
        return up();
      }
    } catch (SQLException e) {
      throw new RegistryException(Problem.BUSY, "the database does not answer");
    }
    throw new RegistryException(Problem.BUSY, "the database does not answer");
  }

  /** What this server is. */
  @GET
  @Path(".well-known/raya-registry")
  public Response discovery() throws StorageException, IOException {
    Optional<Digest> root = RegistryRoot.fingerprint(settings.directory());
    return Answers.json(
            200,
            Json.object()
                .put("schema", "raya/well-known/1")
                .put("origin", settings.origin())
                .put("config", "/index/config.json")
                .put("root", root.<Json>map(digest -> Json.of(digest.toString())).orElse(Json.NULL))
                .build())
        .header("Cache-Control", "public, max-age=300")
        .build();
  }

  private static Response up() {
    return Answers.fresh(Json.object().put("status", "UP").build());
  }
}

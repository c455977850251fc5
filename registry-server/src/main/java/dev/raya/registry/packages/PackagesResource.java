package dev.raya.registry.packages;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** {@code /packages/…}: what is known of packages and versions. */
@Path("/packages")
@RunOnVirtualThread
public final class PackagesResource {
  private static final String SHORT = "public, max-age=60";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final PackageViews packages;

  @Inject
  PackagesResource(PackageViews packages) {
    this.packages = packages;
  }

  /** A package, a version, or a part of one. */
  @GET
  @Path("{path: .+}")
  public Response get(
      @PathParam("path") String path, @HeaderParam("If-None-Match") @Nullable String ifNoneMatch)
      throws RegistryException {
    PackagePath target = PackagePath.of(path);
    String name = target.name();
    return switch (target.rest().size()) {
      case 0 -> Answers.cached(PackageViews.json(packages.find(name)), SHORT, ifNoneMatch);
      case 1 ->
          Answers.cached(
              PackageViews.json(name, packages.find(name, target.rest().getFirst())),
              IMMUTABLE,
              ifNoneMatch);
      case 2 -> part(name, target.rest().get(0), target.rest().get(1), ifNoneMatch);
      default -> throw nothing(path);
    };
  }

  private Response part(String name, String version, String part, @Nullable String ifNoneMatch)
      throws RegistryException {
    return switch (part) {
      case "status" ->
          Answers.cached(
              PackageViews.status(name, packages.find(name, version)), SHORT, ifNoneMatch);
      case "download" -> {
        VersionRow row = packages.find(name, version).row();
        yield Response.status(302)
            .location(URI.create(PackageViews.archivePath(row)))
            .header("Cache-Control", IMMUTABLE)
            .header(
                "Repr-Digest",
                "sha-256=:"
                    + Base64.getEncoder().encodeToString(new Digest(row.archive).bytes())
                    + ':')
            .build();
      }
      default -> throw nothing(name + '/' + version + '/' + part);
    };
  }

  private static RegistryException nothing(String path) {
    return new RegistryException(
        Problem.NOT_FOUND,
        "there is nothing at /packages/" + path,
        "a package is at /packages/NAME, a version at /packages/NAME/VERSION");
  }
}

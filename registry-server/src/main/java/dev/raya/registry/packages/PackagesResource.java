package dev.raya.registry.packages;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.advisory.ServedAdvisories;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.resolver.audit.Advisory;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /packages/…}: what is known of packages and versions. */
@Path("/packages")
@RunOnVirtualThread
public final class PackagesResource {
  private static final String SHORT = "public, max-age=60";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final PackageViews packages;
  private final PackageCollections collections;
  private final ArchiveFiles archives;
  private final PackageDiff diff;
  private final ServedAdvisories advisories;
  private final ServedProvenance provenance;

  @Inject
  PackagesResource(
      PackageViews packages,
      PackageCollections collections,
      ArchiveFiles archives,
      PackageDiff diff,
      ServedAdvisories advisories,
      ServedProvenance provenance) {
    this.packages = packages;
    this.collections = collections;
    this.archives = archives;
    this.diff = diff;
    this.advisories = advisories;
    this.provenance = provenance;
  }

  /** A package, a version, or a part of one. */
  @GET
  @Path("{path: .+}")
  public Response get(
      @PathParam("path") String path,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch)
      throws RegistryException, SQLException, IOException {
    PackagePath target = PackagePath.of(path);
    String name = target.name();
    return switch (target.rest().size()) {
      case 0 -> Answers.cached(PackageViews.json(packages.find(name)), SHORT, ifNoneMatch);
      case 1 ->
          switch (target.rest().getFirst()) {
            case "versions" ->
                page(path, collections.versions(name, limit, cursor), limit, ifNoneMatch);
            case "dependents" ->
                page(path, collections.dependents(name, limit, cursor), limit, ifNoneMatch);
            case "audit-log" ->
                page(path, collections.auditLog(name, limit, cursor), limit, ifNoneMatch);
            case "owners" ->
                Answers.cached(Owners.json(name, packages.owners(name)), SHORT, ifNoneMatch);
            case "publishers" ->
                Answers.cached(
                    Publishers.find(name).orElseThrow(() -> packages.unknown(name)),
                    SHORT,
                    ifNoneMatch);
            case "tags" ->
                Answers.cached(PackageViews.tags(packages.find(name)), SHORT, ifNoneMatch);
            default -> version(name, target.rest().getFirst(), ifNoneMatch);
          };
      case 2 -> part(name, target.rest().get(0), target.rest().get(1), ifNoneMatch);
      default -> throw nothing(path);
    };
  }

  private static Response page(
      String path,
      PackageCollections.Page page,
      @Nullable String limit,
      @Nullable String ifNoneMatch) {
    Response answer = Answers.cached(page.body(), SHORT, ifNoneMatch);
    if (page.next() == null) {
      return answer;
    }
    String size = limit == null ? "" : "limit=" + limit + '&';
    return Response.fromResponse(answer)
        .header(
            "Link", "</packages/" + path + '?' + size + "cursor=" + page.next() + ">; rel=\"next\"")
        .build();
  }

  private Response part(String name, String version, String part, @Nullable String ifNoneMatch)
      throws RegistryException, IOException {
    if (version.equals("diff")) {
      return Answers.cached(diff.json(name, part), IMMUTABLE, ifNoneMatch);
    }
    return switch (part) {
      case "status" ->
          Answers.cached(status(name, packages.find(name, version)), SHORT, ifNoneMatch);
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
      case "readme" ->
          file(name, version, "README.md", "text/markdown; charset=utf-8", ifNoneMatch);
      case "docs" -> file(name, version, "docs.json", Answers.JSON, ifNoneMatch);
      case "provenance" -> provenance(name, version, ifNoneMatch);
      case "symbols" ->
          file(name, version, "module.rdef", "text/plain; charset=utf-8", ifNoneMatch);
      default -> throw nothing(name + '/' + version + '/' + part);
    };
  }

  private Response version(String name, String version, @Nullable String ifNoneMatch)
      throws RegistryException, IOException {
    PackageViews.VersionView view = packages.find(name, version);
    return Answers.cached(
        PackageViews.json(name, view, provenance.of(view.row())), IMMUTABLE, ifNoneMatch);
  }

  private Response provenance(String name, String version, @Nullable String ifNoneMatch)
      throws RegistryException, IOException {
    ServedProvenance.Served served =
        provenance
            .of(packages.find(name, version).row())
            .orElseThrow(
                () ->
                    new RegistryException(
                        Problem.NOT_FOUND,
                        name + ' ' + version + " was published without provenance",
                        "versions that a CI workflow publishes carry it"));
    return Answers.cached(ServedProvenance.json(name, version, served), IMMUTABLE, ifNoneMatch);
  }

  /** The status with the advisories that hit the version. */
  private Json.Obj status(String name, PackageViews.VersionView version) throws IOException {
    Map<String, Json> members = new LinkedHashMap<>(PackageViews.status(name, version).members());
    List<String> hits =
        version.hit(advisories.advisories(), name).stream().map(Advisory::id).toList();
    if (!hits.isEmpty()) {
      members.put("advisories", Json.strings(hits));
    }
    return new Json.Obj(members);
  }

  private Response file(
      String name, String version, String path, String type, @Nullable String ifNoneMatch)
      throws RegistryException, IOException {
    byte[] bytes =
        archives
            .read(packages.find(name, version).row(), path)
            .orElseThrow(
                () ->
                    new RegistryException(
                        Problem.NOT_FOUND,
                        name + ' ' + version + " was published without " + path));
    return Answers.cached(bytes, type, IMMUTABLE, ifNoneMatch);
  }

  private static RegistryException nothing(String path) {
    return new RegistryException(
        Problem.NOT_FOUND,
        "there is nothing at /packages/" + path,
        "a package is at /packages/NAME, a version at /packages/NAME/VERSION");
  }
}

package dev.raya.registry.change;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.registry.account.Authenticator;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.change.StatusChange.Mark;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.http.RequestId;
import dev.raya.registry.packages.Owners;
import dev.raya.registry.packages.PackagePath;
import dev.raya.registry.packages.PackageViews;
import dev.raya.registry.publish.Stages;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.version.VersionTag;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The writes below {@code /packages} (spec: registry.md 1.2): {@code POST
 * NAME/VERSION/yank|unyank|deprecate|undeprecate|promote}, {@code DELETE NAME/VERSION/stage[/ID]},
 * {@code PUT|DELETE NAME/tags/TAG}, {@code PUT NAME/owners} and {@code PUT|DELETE
 * NAME/owners/ACCOUNT}, {@code POST|PUT NAME/publishers} and {@code DELETE NAME/publishers/ID}.
 * Each answers with the document that it changed.
 */
@Path("/packages")
@RunOnVirtualThread
public final class ChangesResource {
  private static final int MAX_NAMES = 100;
  private static final List<String> PUBLISHERS = List.of("publishers");

  private final Authenticator authenticator;
  private final PackageChanges changes;
  private final PackageViews packages;
  private final PublisherRequests publishers;
  private final Stages stages;

  @Inject
  ChangesResource(
      Authenticator authenticator,
      PackageChanges changes,
      PackageViews packages,
      PublisherRequests publishers,
      Stages stages) {
    this.authenticator = authenticator;
    this.changes = changes;
    this.packages = packages;
    this.publishers = publishers;
    this.stages = stages;
  }

  /** Sets or takes away a mark of a version. */
  @POST
  @Path("{path: .+}")
  public Response post(
      @HeaderParam("Authorization") @Nullable String authorization,
      @PathParam("path") String path,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    PackagePath target = PackagePath.of(path);
    String id = RequestId.of(context);
    if (target.rest().equals(PUBLISHERS)) {
      return publishers.add(caller, target.name(), body, id);
    }
    if (target.rest().size() != 2) {
      throw nothing(path);
    }
    String version = target.rest().get(0);
    if (target.rest().get(1).equals("promote")) {
      Stages.Meant meant = meant(RequestBodies.optionalObject(body, Set.of("stage", "again")));
      return Answers.fresh(stages.promote(caller, target.name(), version, meant, id));
    }
    StatusChange change =
        switch (target.rest().get(1)) {
          case "yank" -> StatusChange.setting(version, Mark.YANKED, fields(body), id);
          case "deprecate" -> StatusChange.setting(version, Mark.DEPRECATED, fields(body), id);
          case "unyank" -> StatusChange.taking(version, Mark.YANKED, id);
          case "undeprecate" -> StatusChange.taking(version, Mark.DEPRECATED, id);
          default -> throw nothing(path);
        };
    boolean changed = changes.make(caller, target.name(), TokenScope.YANK, change);
    return changed(
        PackageViews.status(target.name(), packages.find(target.name(), version)), changed);
  }

  private static Stages.Meant meant(JsonFields fields) throws RegistryException {
    try {
      String stage = fields.optionalString("stage");
      if (stage != null && !LockedPackage.isStage(stage)) {
        throw fields.fault("stage", "expected 40 hexadecimal digits");
      }
      return new Stages.Meant(stage, fields.bool("again", false));
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private static JsonFields fields(InputStream body) throws RegistryException, IOException {
    return RequestBodies.optionalObject(body, StatusChange.members());
  }

  /** Points a tag to a version, replaces the owners, or adds one. */
  @PUT
  @Path("{path: .+}")
  public Response put(
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @PathParam("path") String path,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    PackagePath target = PackagePath.of(path);
    List<String> rest = target.rest();
    String id = RequestId.of(context);
    if (rest.size() == 2 && rest.getFirst().equals("tags")) {
      JsonFields fields = RequestBodies.object(body, Set.of("version"));
      return tag(caller, target, new TagChange(tagOf(rest.get(1)), text(fields, "version"), id));
    }
    if (rest.size() == 2 && rest.getFirst().equals("owners")) {
      return owners(caller, target, new OwnersChange(with(rest.get(1)), ifMatch, id));
    }
    if (rest.equals(PUBLISHERS)) {
      return publishers.rule(caller, target.name(), body, id);
    }
    if (rest.equals(List.of("owners"))) {
      if (ifMatch == null) {
        throw new RegistryException(
            Problem.MALFORMED,
            "replacing the owners needs If-Match with the ETag of the list it replaces",
            "GET /packages/NAME/owners first; PUT …/owners/ACCOUNT adds one without it");
      }
      Set<String> names = names(RequestBodies.object(body, Set.of("owners")));
      return owners(caller, target, new OwnersChange(present -> names, ifMatch, id));
    }
    throw nothing(path);
  }

  /** Takes a tag, an owner or a staged release away. */
  @DELETE
  @Path("{path: .+}")
  public Response delete(
      @HeaderParam("Authorization") @Nullable String authorization,
      @HeaderParam("If-Match") @Nullable String ifMatch,
      @PathParam("path") String path,
      RoutingContext context)
      throws RegistryException {
    QueryParameters.of(context, Set.of());
    Caller caller = authenticator.require(authorization);
    PackagePath target = PackagePath.of(path);
    List<String> rest = target.rest();
    String id = RequestId.of(context);
    if (rest.size() == 2 && rest.getFirst().equals("tags")) {
      return tag(caller, target, new TagChange(tagOf(rest.get(1)), null, id));
    }
    if (rest.size() == 2 && rest.getFirst().equals("owners")) {
      return owners(caller, target, new OwnersChange(without(rest.get(1)), ifMatch, id));
    }
    if ((rest.size() == 2 || rest.size() == 3) && rest.get(1).equals("stage")) {
      String release = rest.size() == 2 ? null : rest.get(2);
      return Answers.fresh(stages.drop(caller, target.name(), rest.getFirst(), release, id));
    }
    if (rest.size() == 2 && rest.getFirst().equals(PUBLISHERS.getFirst())) {
      return publishers.remove(caller, target.name(), rest.get(1), id);
    }
    throw nothing(path);
  }

  private Response tag(Caller caller, PackagePath target, TagChange change)
      throws RegistryException {
    boolean changed = changes.make(caller, target.name(), TokenScope.PUBLISH, change);
    return changed(PackageViews.tags(packages.find(target.name())), changed);
  }

  private Response owners(Caller caller, PackagePath target, OwnersChange change)
      throws RegistryException {
    boolean changed = changes.make(caller, target.name(), TokenScope.OWNER, change);
    Map<String, Long> owners = packages.owners(target.name());
    return Response.fromResponse(changed(Owners.json(target.name(), owners), changed))
        .header("ETag", Owners.etag(target.name(), owners))
        .build();
  }

  /** The document after the change; whether there was one to make stands in a header. */
  private static Response changed(Json document, boolean changed) {
    return Answers.json(200, document)
        .header("Cache-Control", "no-store")
        .header("Raya-Changed", changed)
        .build();
  }

  private static VersionTag tagOf(String text) throws RegistryException {
    if (!VersionTag.isTag(text)) {
      throw new RegistryException(
          Problem.MALFORMED,
          "\"" + Owners.shown(text) + "\" is no tag",
          "a tag has 1 to 32 of a-z 0-9 -, starts with a letter and reads unlike a range");
    }
    return new VersionTag(text);
  }

  private static String text(JsonFields fields, String member) throws RegistryException {
    try {
      return fields.string(member);
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private static Set<String> names(JsonFields fields) throws RegistryException {
    try {
      List<String> names = fields.strings("owners");
      if (names.size() > MAX_NAMES) {
        throw fields.fault("owners", "expected at most " + MAX_NAMES + " names");
      }
      return new LinkedHashSet<>(names);
    } catch (JsonException e) {
      throw RequestBodies.malformed(e);
    }
  }

  private static UnaryOperator<Set<String>> with(String name) {
    return present -> {
      present.add(name);
      return present;
    };
  }

  private static UnaryOperator<Set<String>> without(String name) {
    return present -> {
      present.remove(name);
      return present;
    };
  }

  private static RegistryException nothing(String path) {
    return new RegistryException(
        Problem.NOT_FOUND,
        "there is nothing to change at /packages/" + Owners.shown(path),
        "NAME/VERSION/yank, NAME/tags/TAG and NAME/owners/ACCOUNT can be changed");
  }
}

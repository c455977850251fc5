package dev.raya.registry.packages;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.registry.account.Account;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.Advisory;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionTag;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Packages as the API and the pages show them, read in one transaction each. */
@ApplicationScoped
public class PackageViews {
  /**
   * A version.
   *
   * @param row its row
   * @param metadata its metadata.json
   * @param publisher name of the account that published it
   * @param logged the time in its log record
   * @param held why it is under quarantine, or null
   */
  public record VersionView(
      VersionRow row,
      PackageMetadata metadata,
      String publisher,
      Instant logged,
      @Nullable Held held) {
    /** The advisories that hit the version. */
    public List<Advisory> hit(Advisories advisories, String name) {
      return advisories.hitting(new PackageName(name), metadata.version());
    }

    /** Index of its log record. */
    public long log() {
      Long seq = row.logSeq;
      if (seq == null) {
        throw new IllegalStateException("only numbered versions are shown");
      }
      return seq;
    }
  }

  /**
   * Why a version is under quarantine.
   *
   * @param reason a word
   * @param advisory identifier of an advisory, or null
   * @param near the package whose name its own is near to, while a person is to look at that; or
   *     null
   */
  public record Held(String reason, @Nullable String advisory, @Nullable String near) {}

  /**
   * A package with its visible versions.
   *
   * @param name its name
   * @param versions highest first, at least one
   * @param owners names of its owners, sorted
   * @param tags tag to version
   */
  public record PackageView(
      String name, List<VersionView> versions, List<String> owners, Map<String, String> tags) {
    /** Copies the collections in. */
    public PackageView {
      versions = List.copyOf(versions);
      owners = List.copyOf(owners);
      tags = Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** The version that {@code latest} means: the tag's if it is set (spec: packages.md 1). */
    public VersionView latest() {
      String tagged = tags.get(VersionTag.LATEST.text());
      for (VersionView version : versions) {
        if (version.row().version.equals(tagged)) {
          return version;
        }
      }
      for (VersionView version : versions) {
        if (!version.row().prerelease && !version.row().yanked) {
          return version;
        }
      }
      return versions.getFirst();
    }
  }

  /**
   * The package of that name.
   *
   * @throws RegistryException with {@link Problem#NOT_FOUND} and the nearest names if there is none
   */
  public PackageView find(String name) throws RegistryException {
    PackageName valid = PackageName.tryParse(name);
    PackageView view =
        valid == null ? null : QuarkusTransaction.requiringNew().call(() -> read(valid.text()));
    if (view == null) {
      throw unknown(name);
    }
    return view;
  }

  /** The refusal of a name that there is not, with the nearest ones. */
  public RegistryException unknown(String name) {
    List<String> near = QuarkusTransaction.requiringNew().call(() -> nearest(name));
    String detail = "there is no package " + shown(name);
    return near.isEmpty()
        ? new RegistryException(Problem.NOT_FOUND, detail)
        : new RegistryException(
            Problem.NOT_FOUND, detail, "did you mean " + String.join(", ", near) + '?');
  }

  /**
   * The owners of a package: names and account numbers, sorted by name.
   *
   * @throws RegistryException with {@link Problem#NOT_FOUND} if there is no such package
   */
  public Map<String, Long> owners(String name) throws RegistryException {
    String known = find(name).name();
    return QuarkusTransaction.requiringNew()
        .call(() -> Owners.of(PackageRow.named(known).orElseThrow().id));
  }

  /**
   * A version of a package.
   *
   * @throws RegistryException with {@link Problem#NOT_FOUND} or {@link Problem#TAKEN_DOWN}
   */
  public VersionView find(String name, String version) throws RegistryException {
    PackageView view = find(name);
    for (VersionView candidate : view.versions()) {
      if (candidate.row().version.equals(version)) {
        if (candidate.row().tombstone) {
          throw new RegistryException(Problem.TAKEN_DOWN, name + ' ' + version + " was taken down");
        }
        return candidate;
      }
    }
    throw new RegistryException(
        Problem.NOT_FOUND,
        name + " has no version " + shown(version),
        "its highest version is " + view.versions().getFirst().row().version);
  }

  /** The digest of a version's rendered README, or empty if it has none. */
  public Optional<String> readme(long versionId) {
    List<?> found =
        QuarkusTransaction.requiringNew()
            .call(
                () ->
                    Panache.getEntityManager()
                        .createNativeQuery(
                            "select hash from version_blob"
                                + " where version_id = :version and role = 'readme'")
                        .setParameter("version", versionId)
                        .getResultList());
    return found.isEmpty() ? Optional.empty() : Optional.of((String) found.getFirst());
  }

  private static @Nullable PackageView read(String name) {
    PackageRow row = PackageRow.named(name).orElse(null);
    if (row == null) {
      return null;
    }
    List<VersionView> versions = new ArrayList<>();
    Map<Long, Held> held = held(row.id);
    for (VersionRow version : VersionRow.visible(row.id)) {
      versions.add(view(version, held.get(version.id)));
    }
    if (versions.isEmpty()) {
      return null;
    }
    List<?> owners =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select a.name from owner o join account a on a.id = o.account_id
                where o.package_id = :package order by a.name""")
            .setParameter("package", row.id)
            .getResultList();
    Map<String, String> tags = new TreeMap<>();
    for (TagRow tag : TagRow.of(row.id)) {
      for (VersionView version : versions) {
        if (version.row().id == tag.versionId) {
          tags.put(tag.tag, version.row().version);
        }
      }
    }
    return new PackageView(name, versions, owners.stream().map(String.class::cast).toList(), tags);
  }

  private static Map<Long, Held> held(long packageId) {
    Map<Long, Held> held = new TreeMap<>();
    for (Object each :
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select q.version_id, q.reason, q.advisory, r.near
                from quarantine q join version v on v.id = q.version_id
                left join name_review r on r.package_id = v.package_id and r.decision is null
                where v.package_id = :package""")
            .setParameter("package", packageId)
            .getResultList()) {
      Object[] row = (Object[]) each;
      held.put(
          ((Number) row[0]).longValue(),
          new Held((String) row[1], (String) row[2], (String) row[3]));
    }
    return held;
  }

  private static VersionView view(VersionRow row, @Nullable Held held) {
    Account account = Account.findById(row.publisherAccount);
    Instant logged = row.loggedAt;
    return new VersionView(
        row, metadata(row), account.name, logged == null ? row.receivedAt : logged, held);
  }

  private static PackageMetadata metadata(VersionRow row) {
    try {
      return PackageMetadataCodec.read(row.metadata.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      throw new IllegalStateException("the database holds metadata that we did not write", e);
    }
  }

  private static List<String> nearest(String name) {
    return Panache.getEntityManager()
        .createNativeQuery(
            """
            select name from package_search where similarity(name, :name) > 0.3
            order by similarity(name, :name) desc, name limit 3""")
        .setParameter("name", shown(name))
        .getResultList()
        .stream()
        .map(String.class::cast)
        .toList();
  }

  /** What a request named, as it may stand in an answer. */
  private static String shown(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120) + "…";
  }

  /** The package document. */
  public static Json.Obj json(PackageView view) {
    VersionView latest = view.latest();
    List<Json> versions = new ArrayList<>();
    for (VersionView version : view.versions()) {
      versions.add(
          Json.object()
              .put("version", version.row().version)
              .put("sha256", version.row().archive)
              .put("size", version.row().size)
              .put("time", Times.text(version.logged()))
              .put("publisher", version.publisher())
              .put("yanked", version.row().yanked)
              .put("deprecated", version.row().deprecated)
              .put("tombstone", version.row().tombstone)
              .build());
    }
    return Json.object()
        .put("schema", "raya/package-document/1")
        .put("name", view.name())
        .put("description", latest.metadata().description())
        .put("license", latest.metadata().license())
        .put("repository", latest.metadata().repository())
        .put("keywords", Json.strings(latest.metadata().keywords()))
        .put("latest", latest.row().version)
        .put("owners", Json.strings(view.owners()))
        .put("tags", tagMembers(view))
        .put("versions", Json.array(versions))
        .build();
  }

  /** The immutable part of a version's document. */
  public static Json.Obj json(
      String name, VersionView view, Optional<ServedProvenance.Served> provenance) {
    VersionRow row = view.row();
    Json.ObjectBuilder document = Json.object();
    provenance.ifPresent(served -> document.put("provenance", served.summary()));
    return document
        .put("schema", "raya/version-document/1")
        .put("name", name)
        .put("version", row.version)
        .put("sha256", row.archive)
        .put("size", row.size)
        .put("tree", row.tree)
        .put("log", view.log())
        .put("time", Times.text(view.logged()))
        .put("publisher", view.publisher())
        .put("method", row.method)
        .put("identity", VersionRow.stored(row.publisher))
        .put("metadata", row.metadataJson())
        .put("archive", archivePath(row))
        .put("checks", VersionRow.stored(row.checks))
        .put("status", "/packages/" + name + '/' + row.version + "/status")
        .build();
  }

  /** The tags of a package. */
  public static Json.Obj tags(PackageView view) {
    return Json.object()
        .put("schema", "raya/tags/1")
        .put("name", view.name())
        .put("tags", tagMembers(view))
        .build();
  }

  private static Json.Obj tagMembers(PackageView view) {
    Json.ObjectBuilder tags = Json.object();
    view.tags().forEach(tags::put);
    return tags.build();
  }

  /** What may change about a version. */
  public static Json.Obj status(String name, VersionView view) {
    Json.ObjectBuilder status = Json.object();
    Held held = view.held();
    if (held != null) {
      status.put(
          "quarantine",
          Json.object()
              .put("reason", held.reason())
              .putUnlessEmpty("advisory", held.advisory())
              .putUnlessEmpty("near", held.near())
              .build());
    }
    return status
        .put("schema", "raya/version-status/1")
        .put("name", name)
        .put("version", view.row().version)
        .put("yanked", view.row().yanked)
        .put("deprecated", view.row().deprecated)
        .put("tombstone", view.row().tombstone)
        .putUnlessEmpty("reason", view.row().statusReason)
        .putUnlessEmpty("use", view.row().statusUse)
        .putUnlessEmpty("message", view.row().statusMessage)
        .build();
  }

  /** Path of a version's archive in the static tree. */
  public static String archivePath(VersionRow row) {
    return blobPath(row.archive);
  }

  /** Path of a blob in the static tree, by its hexadecimal digest. */
  public static String blobPath(String digest) {
    return "/blobs/sha256/" + digest.substring(0, 2) + '/' + digest;
  }
}

package dev.raya.registry.publish;

import dev.raya.cache.json.Json;
import dev.raya.registry.http.Problem;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.LogRecord;
import io.quarkus.hibernate.orm.panache.Panache;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Packages that wait for a person because of their names: their versions are published, logged and
 * under quarantine from the first moment, so that nobody installs them before somebody has looked.
 * All of it inside the transaction of a publish.
 */
public final class NameReview {
  /** Why such a version is on the quarantine list, in a word of registry.md 1.4. */
  public static final String REASON = "other";

  private NameReview() {}

  /** What a version that is about to be stored is near to; null if it need not wait. */
  static @Nullable String near(PackageName name, @Nullable PackageRow row, long account) {
    return row == null ? NearNames.topNear(name, account) : undecided(row.id);
  }

  private static @Nullable String undecided(long packageId) {
    List<?> found =
        Panache.getEntityManager()
            .createNativeQuery(
                "select near from name_review where package_id = :package and decision is null")
            .setParameter("package", packageId)
            .getResultList();
    return found.isEmpty() ? null : (String) found.getFirst();
  }

  /** The name that a package was refused for being near to; null if it was not. */
  static @Nullable String refusedFor(long packageId) {
    List<?> found =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select near from name_review
                where package_id = :package and decision = 'refused'""")
            .setParameter("package", packageId)
            .getResultList();
    return found.isEmpty() ? null : (String) found.getFirst();
  }

  /** What the publisher is told. */
  static Json.Obj remark(PackageName name, String near) {
    return Json.object()
        .put("code", Problem.NAME_TAKEN.code())
        .put("severity", "warning")
        .put(
            "message",
            name
                + " is near to "
                + near
                + ", which many packages use: a person looks at it before anybody can install it")
        .build();
  }

  /**
   * Holds a version back until a person has decided.
   *
   * @return number of the record that says so, among the waiting ones
   */
  static long hold(PackageRow row, VersionRow version, String near, Instant now) {
    Panache.getEntityManager()
        .createNativeQuery(
            """
            insert into name_review (package_id, near, since) values (:package, :near, :now)
            on conflict (package_id) do nothing""")
        .setParameter("package", row.id)
        .setParameter("near", near)
        .setParameter("now", now)
        .executeUpdate();
    Panache.getEntityManager()
        .createNativeQuery(
            "insert into quarantine (version_id, reason, since) values (:version, :reason, :now)")
        .setParameter("version", version.id)
        .setParameter("reason", REASON)
        .setParameter("now", now)
        .executeUpdate();
    return PendingRecords.listed(
        new LogRecord.Quarantine(
            PendingRecords.operator(), row.name, version.version, true, REASON, null),
        version.id);
  }
}

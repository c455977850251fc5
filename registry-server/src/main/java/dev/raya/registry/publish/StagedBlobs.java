package dev.raya.registry.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;

/**
 * What staged releases keep of the blob store, and how they let go of it. All inside the caller's
 * transaction: the blobs count how often they are used, and those that nothing uses any more are
 * removed afterwards ({@link Stages#sweep}).
 */
final class StagedBlobs {
  private StagedBlobs() {}

  /** Notes that a release uses a blob; once, however often the release names it. */
  static void keep(String stage, Digest blob, long size, String kind, Instant now) {
    EntityManager database = Panache.getEntityManager();
    boolean known =
        !database
            .createNativeQuery("select 1 from stage_blob where stage_id = :stage and hash = :hash")
            .setParameter("stage", stage)
            .setParameter("hash", blob.hex())
            .getResultList()
            .isEmpty();
    if (known) {
      return;
    }
    Commit.blob(blob.hex(), size, kind, now);
    database
        .createNativeQuery("insert into stage_blob (stage_id, hash) values (:stage, :hash)")
        .setParameter("stage", stage)
        .setParameter("hash", blob.hex())
        .executeUpdate();
  }

  /** Takes a release away; what it used is used once less. */
  static void release(String stage) {
    EntityManager database = Panache.getEntityManager();
    List<?> used =
        database
            .createNativeQuery("select hash from stage_blob where stage_id = :stage order by hash")
            .setParameter("stage", stage)
            .getResultList();
    for (Object hash : used) {
      database
          .createNativeQuery("update blob set refs = refs - 1 where hash = :hash")
          .setParameter("hash", hash)
          .executeUpdate();
    }
    database
        .createNativeQuery("delete from stage where id = :stage")
        .setParameter("stage", stage)
        .executeUpdate();
  }

  /** Takes a release of this version away, which is not open any more, if there is one. */
  static void expire(PackageName name, Version version) {
    List<?> expired =
        Panache.getEntityManager()
            .createNativeQuery(
                "select id from stage where name = :name and precedence = :version for update")
            .setParameter("name", name.text())
            .setParameter("version", version.precedence())
            .getResultList();
    expired.forEach(id -> release((String) id));
  }
}

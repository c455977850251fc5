package dev.raya.registry.publish;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.registry.account.AuditEvent;
import dev.raya.registry.account.Caller;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.packages.OwnerRow;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.packages.VersionRow;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Staged releases after they were received (spec: registry.md 1.3): shown to those who may install
 * them, promoted, dropped, expired. Whether one is open is decided by its time alone; the sweep,
 * once in a while, only gives back what it held.
 */
@ApplicationScoped
public class Stages {
  private static final System.Logger LOG = System.getLogger(Stages.class.getName());
  private static final long SWEEP_MINUTES = 10;

  /** Most releases in a list: an account has few, and an owner few co-owners. */
  private static final int MAX_LISTED = 500;

  /** Rows in one look of the sweep. */
  private static final int BATCH = 100;

  private final Publisher publisher;
  private final Receipts receipts;
  private final DirectoryBlobStore blobs;
  private final StaticFiles files;
  private final InstantSource clock;
  private @Nullable ScheduledExecutorService timer;

  @Inject
  Stages(
      Publisher publisher,
      Receipts receipts,
      DirectoryBlobStore blobs,
      StaticFiles files,
      InstantSource clock) {
    this.publisher = publisher;
    this.receipts = receipts;
    this.blobs = blobs;
    this.files = files;
    this.clock = clock;
  }

  void start(@Observes StartupEvent event) {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("raya-stages").daemon().factory());
    started.scheduleWithFixedDelay(this::sweepOrTell, 1, SWEEP_MINUTES, TimeUnit.MINUTES);
    timer = started;
  }

  void stop(@Observes ShutdownEvent event) {
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /**
   * A release, for somebody with a token that reads: what the index would say of it, while it is
   * open; that it is published, once it was promoted.
   *
   * @throws RegistryException if there is none of that id, or the token does not read the package
   */
  public Json.Obj read(Caller caller, String id) throws RegistryException {
    caller.require(TokenScope.READ);
    if (!LockedPackage.isStage(id)) {
      throw unknown();
    }
    return Commit.inTransaction(() -> find(caller, id));
  }

  private Json.Obj find(Caller caller, String id) throws RegistryException {
    StageRow row = StageRow.findById(id);
    if (row != null && row.expiresAt.isAfter(clock.instant())) {
      caller.require(TokenScope.READ, row.name);
      return StageDocuments.whole(row);
    }
    VersionRow version = VersionRow.find("stage", id).firstResult();
    if (version == null) {
      throw unknown();
    }
    PackageRow of = PackageRow.findById(version.packageId);
    caller.require(TokenScope.READ, of.name);
    return StageDocuments.promoted(of.name, version, id);
  }

  private static RegistryException unknown() {
    return new RegistryException(
        Problem.NOT_FOUND,
        "there is no staged release of this id: it was dropped, or its 7 days are over",
        "ask whoever staged it; raya-pm stage list shows them what is staged");
  }

  /**
   * The open releases of the packages that an account owns, and those it staged itself.
   *
   * @throws RegistryException if the token does not read
   */
  public Json.Obj list(Caller caller) throws RegistryException {
    caller.requirePerson();
    caller.require(TokenScope.READ);
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              List<Json> listed = new ArrayList<>();
              List<StageRow> rows =
                  StageRow.find(
                          """
                          expiresAt > ?1 and (accountId = ?2 or name in (select p.name
                            from PackageRow p, OwnerRow o
                            where o.packageId = p.id and o.accountId = ?2))
                          order by name, precedence""",
                          clock.instant(),
                          caller.account())
                      .page(0, MAX_LISTED)
                      .list();
              for (StageRow row : rows) {
                if (caller.isFor(row.name)) {
                  listed.add(StageDocuments.head(row, "staged").build());
                }
              }
              return Json.object()
                  .put("schema", "raya/stages/1")
                  .put("stages", Json.array(listed))
                  .build();
            });
  }

  /**
   * What a promotion is about.
   *
   * @param id the release; null for any
   * @param again whether it only asks for the answer to a promotion that was made
   */
  public record Meant(@Nullable String id, boolean again) {}

  /**
   * Publishes a release; once it is published, says so again.
   *
   * @param meant which release it is about, whatever is staged by now
   * @return the answer to the publish
   * @throws RegistryException if nothing is staged, or another release than the one meant; if the
   *     caller may not, or a check that looks at what changed since refuses it
   * @throws IOException if a file cannot be read
   */
  public Json.Obj promote(Caller caller, String name, String version, Meant meant, String requestId)
      throws RegistryException, IOException {
    String id = meant.id();
    caller.requirePerson();
    caller.require(TokenScope.PUBLISH, name);
    PackageName packageName = PackageName.tryParse(name);
    Version wanted = Version.tryParse(version);
    if (packageName == null || wanted == null) {
      throw StageDocuments.noneOf(name, version);
    }
    Publication.Request request = new Publication.Request(caller, "", requestId, false);
    Optional<StageRow> open = meant.again() ? Optional.empty() : open(packageName, wanted);
    if (open.isPresent()) {
      StageRow row = open.get();
      if (id != null && !id.equals(row.id)) {
        Commit.inTransaction(
            () -> {
              requireOwner(caller, packageName, row);
              return row;
            });
        throw StageDocuments.another(packageName + "@" + row.version, id, row.id);
      }
      try {
        return publisher.promote(request, row).body();
      } catch (RegistryException refused) {
        if (refused.problem() != Problem.NOT_FOUND) {
          throw refused;
        }
      }
    }
    VersionRow promoted =
        QuarkusTransaction.requiringNew().call(() -> promoted(caller, packageName, wanted));
    if (promoted == null) {
      throw StageDocuments.noneOf(name, version);
    }
    String published = String.valueOf(promoted.stage);
    if (id != null && !id.equals(published)) {
      throw StageDocuments.published(packageName + "@" + promoted.version, id, published);
    }
    return receipts.again(promoted.id).body();
  }

  private Optional<StageRow> open(PackageName name, Version version) {
    return QuarkusTransaction.requiringNew()
        .call(() -> StageRow.open(name, version, clock.instant()));
  }

  /** A version that was promoted, if the caller owns it. */
  private static @Nullable VersionRow promoted(Caller caller, PackageName name, Version version) {
    PackageRow row = PackageRow.named(name.text()).orElse(null);
    if (row == null || OwnerRow.findById(new OwnerRow.Key(row.id, caller.account())) == null) {
      return null;
    }
    return VersionRow.find(
            "packageId = ?1 and precedence = ?2 and stage is not null",
            row.id,
            version.precedence())
        .firstResult();
  }

  /**
   * Gives a release up: name and version are free, and its files go unless others have the same.
   *
   * @param id the release that is meant; null for the one that has the version
   * @return what was dropped
   * @throws RegistryException if nothing is staged, another release than the one meant, or the
   *     caller may not
   */
  public Json.Obj drop(
      Caller caller, String name, String version, @Nullable String id, String requestId)
      throws RegistryException {
    caller.requirePerson();
    caller.require(TokenScope.PUBLISH, name);
    PackageName packageName = PackageName.tryParse(name);
    Version wanted = Version.tryParse(version);
    if (packageName == null || wanted == null) {
      throw StageDocuments.noneOf(name, version);
    }
    Json.Obj dropped =
        Commit.inTransaction(
            () -> {
              Commit.lock(packageName);
              Instant now = clock.instant();
              StageRow row =
                  StageRow.held(packageName, wanted, now)
                      .orElseThrow(() -> StageDocuments.noneOf(name, version));
              requireOwner(caller, packageName, row);
              if (id != null && !id.equals(row.id)) {
                throw StageDocuments.another(packageName + "@" + row.version, id, row.id);
              }
              AuditEvent.record(
                  now,
                  caller,
                  "stage.drop",
                  row.name + '@' + row.version,
                  Json.object().put("sha256", row.archive().hex()).build(),
                  requestId);
              Json.Obj document = StageDocuments.head(row, "dropped").build();
              StagedBlobs.release(row.id);
              return document;
            });
    sweepOrTell();
    return dropped;
  }

  private static void requireOwner(Caller caller, PackageName name, StageRow row)
      throws RegistryException {
    PackageRow of = PackageRow.named(name.text()).orElse(null);
    boolean may =
        of == null
            ? row.accountId == caller.account()
            : OwnerRow.findById(new OwnerRow.Key(of.id, caller.account())) != null;
    if (!may) {
      throw new RegistryException(
          Problem.FORBIDDEN,
          "account " + caller.name() + " is no owner of " + name,
          of == null
              ? "whoever staged its first version promotes or drops it"
              : "raya-pm owner list " + name + " shows whom to ask");
    }
  }

  private void sweepOrTell() {
    try {
      sweep();
    } catch (RuntimeException e) {
      // What is left over harms nobody, and the next sweep takes it.
      LOG.log(System.Logger.Level.WARNING, "the sweep of staged releases failed", e);
    }
  }

  /**
   * Takes away the releases whose time is over, and the bytes of blobs that nothing uses.
   *
   * @return how many blobs were removed
   */
  int sweep() {
    int expired;
    do {
      expired = QuarkusTransaction.requiringNew().call(this::expire);
    } while (expired == BATCH);
    int removed = 0;
    for (String hash : QuarkusTransaction.requiringNew().call(Stages::unused)) {
      boolean gone = QuarkusTransaction.requiringNew().call(() -> remove(new Digest(hash)));
      removed += gone ? 1 : 0;
    }
    return removed;
  }

  private int expire() {
    Instant now = clock.instant();
    List<?> rows =
        Panache.getEntityManager()
            .createNativeQuery(
                """
                select id, name, version from stage where expires_at <= :now
                order by id limit :batch for update skip locked""")
            .setParameter("now", now)
            .setParameter("batch", BATCH)
            .getResultList();
    for (Object each : rows) {
      Object[] row = (Object[]) each;
      StagedBlobs.release((String) row[0]);
      Panache.getEntityManager()
          .createNativeQuery(
              """
              insert into audit_event (at, action, subject, detail, request_id)
              values (:at, 'stage.expire', :subject, '{}', '')""")
          .setParameter("at", now)
          .setParameter("subject", row[1] + "@" + row[2])
          .executeUpdate();
    }
    return rows.size();
  }

  private static List<String> unused() {
    List<String> hashes = new ArrayList<>();
    for (Object each :
        Panache.getEntityManager()
            .createNativeQuery(
                "select hash from blob where refs = 0 and not taken_down order by hash limit 1000")
            .getResultList()) {
      hashes.add((String) each);
    }
    return hashes;
  }

  /**
   * Removes a blob while its row is held: whoever stores the same bytes meanwhile waits for the
   * row, and then looks whether they are there ({@link Commit#requireStored}).
   */
  private boolean remove(Digest blob) {
    boolean unused =
        Panache.getEntityManager()
                .createNativeQuery("delete from blob where hash = :hash and refs = 0")
                .setParameter("hash", blob.hex())
                .executeUpdate()
            > 0;
    if (unused) {
      try {
        blobs.delete(blob);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      files.forget("/blobs/sha256/" + blob.hex().substring(0, 2) + '/' + blob.hex());
    }
    return unused;
  }
}

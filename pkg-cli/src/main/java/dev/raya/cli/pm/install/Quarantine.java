package dev.raya.cli.pm.install;

import dev.raya.cache.json.JsonException;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.explain.LeftOut;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The signed lists of versions that registries hold back, {@code advisories/quarantine.json}; they
 * count for locked versions too, unless the command line takes one by name (security.md, Policies).
 * A resolution leaves such versions out. The list is asked for where metadata is asked for anyway;
 * elsewhere the one seen last counts (docs/decisions/0350). Thread-safe.
 */
public final class Quarantine {
  private final Session session;
  private final Set<String> allowed;
  private final Map<String, CompletableFuture<QuarantineList>> asked = new ConcurrentHashMap<>();

  /** What is wrong with the lists in this home that are asked for anew, by origin. */
  private final Map<String, CommandException> unreadable = new ConcurrentHashMap<>();

  /**
   * What registries hold back.
   *
   * @param allowed {@code NAME@VERSION} of versions that are taken nevertheless
   */
  public Quarantine(Session session, Collection<String> allowed) {
    this.session = session;
    this.allowed = Set.copyOf(allowed);
  }

  /** Whether this command takes versions that are held back. */
  boolean allowsAny() {
    return !allowed.isEmpty();
  }

  /**
   * The list of the registry whose index a resolution reads: asked for if the index is, else the
   * one seen last.
   */
  CompletionStage<QuarantineList> of(String origin, IndexSource index) {
    return asked.computeIfAbsent(
        origin,
        of ->
            index instanceof HttpIndexSource online
                ? online
                    .target(QuarantineList.PATH)
                    .thenApply(document -> arrived(of, document))
                    .toCompletableFuture()
                : held(of));
  }

  private CompletableFuture<QuarantineList> held(String origin) {
    try {
      return CompletableFuture.completedFuture(kept(origin));
    } catch (CommandException unreadable) {
      return CompletableFuture.failedFuture(unreadable);
    }
  }

  /**
   * Refuses versions that their registry holds back, by its newest list.
   *
   * @throws CommandException RAYA-SEC-011 with all of them; RAYA-SEC-003 or 004 if metadata is
   *     refused
   * @throws InterruptedException if the thread was interrupted
   */
  public void require(Collection<PackageClaim> claims)
      throws CommandException, InterruptedException {
    for (String origin : origins(claims)) {
      if (!asked.containsKey(origin)) {
        of(origin, session.index(session.registryOf(origin)));
      }
    }
    requireKnown(claims);
  }

  /**
   * Refuses versions that their registry holds back, by the newest list where this command has read
   * it, else by the one that this home saw last. Nobody is asked.
   *
   * @throws CommandException RAYA-SEC-011 with all of them
   * @throws InterruptedException if the thread was interrupted
   */
  void requireKnown(Collection<PackageClaim> claims) throws CommandException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Map<String, QuarantineList> lists = new TreeMap<>();
    for (PackageClaim claim : claims) {
      QuarantineList list = lists.get(claim.origin());
      if (list == null) {
        list = known(claim.origin());
        lists.put(claim.origin(), list);
      }
      String reason = list.reason(claim.name(), claim.version());
      if (reason != null) {
        findings.add(finding(claim.origin(), claim.name(), claim.version(), reason));
      }
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
  }

  /**
   * Refuses versions that their registry holds back by the list that this home saw last, its
   * signatures verified again.
   *
   * @return how old each registry's list is, for people
   * @throws CommandException RAYA-SEC-011 with all of them; RAYA-SEC-003 or 013 if what is held of
   *     a registry is refused
   * @throws InterruptedException if the thread was interrupted
   */
  public List<String> requireSeen(Collection<PackageClaim> claims)
      throws CommandException, InterruptedException {
    List<String> ages = new ArrayList<>();
    for (String origin : origins(claims)) {
      KnownRegistries.Known known =
          session
              .known()
              .byOrigin(origin)
              .orElseThrow(
                  () ->
                      new CommandException(
                          "RAYA-SEC-013",
                          "the registry " + origin + " is not known here",
                          "run `raya-pm install --verify` once with a network"));
      Optional<HeldMetadata.Listed> seen =
          session.heldMetadata(known).lastSeen(QuarantineList.PATH);
      asked.put(
          origin,
          CompletableFuture.completedFuture(
              seen.isEmpty()
                  ? QuarantineList.NONE
                  : read(origin, seen.get().bytes()).without(allowed)));
      ages.add(
          seen.isEmpty()
              ? "no quarantine list of " + origin + " was ever seen here"
              : "quarantine list of "
                  + origin
                  + ": good until "
                  + seen.get().expires()
                  + (session.now().isBefore(seen.get().expires()) ? "" : ", which is over"));
    }
    requireKnown(claims);
    return ages;
  }

  /**
   * Refuses versions by the list seen last, its signatures verified again, for an install that
   * checks what it holds; a list that is damaged is asked for anew.
   *
   * @throws CommandException as {@link #require}
   * @throws InterruptedException if the thread was interrupted
   */
  void requireMended(Collection<PackageClaim> claims)
      throws CommandException, InterruptedException {
    for (String origin : origins(claims)) {
      Optional<KnownRegistries.Known> known = session.known().byOrigin(origin);
      if (known.isEmpty() || asked.containsKey(origin)) {
        continue;
      }
      try {
        session.heldMetadata(known.get()).lastSeen(QuarantineList.PATH);
      } catch (CommandException damaged) {
        if (session.settings().offline()) {
          // What was never verified here has no list either; only a list is held to its role.
          if (!damaged.findings().getFirst().code().equals("RAYA-SEC-013")) {
            throw damaged;
          }
        } else {
          unreadable.put(origin, damaged);
          try {
            of(origin, session.index(session.registryOf(origin)));
          } catch (CommandException failed) {
            throw besideDamage(origin, failed);
          }
          session.forgetHeld(known.get());
        }
      }
    }
    requireKnown(claims);
  }

  /** The findings about versions that a failed resolution left out. */
  List<Finding> findings(List<LeftOut> leftOut) {
    List<Finding> findings = new ArrayList<>();
    for (LeftOut left : leftOut) {
      PackageName name = PackageName.tryParse(left.name().split(" ", 2)[0]);
      if (name == null) {
        continue;
      }
      asked.forEach(
          (origin, list) -> {
            QuarantineList read = list.exceptionally(failed -> QuarantineList.NONE).join();
            for (Version version : left.versions()) {
              String reason = read.reason(name, version);
              if (reason != null) {
                findings.add(finding(origin, name, version, reason));
              }
            }
          });
    }
    return findings;
  }

  private static Finding finding(String origin, PackageName name, Version version, String reason) {
    String id = name.text() + '@' + version.precedence();
    return Finding.error(
        "RAYA-SEC-011",
        id + " is quarantined by " + origin + ": " + reason,
        "nothing of it was taken; `raya-pm update "
            + name
            + "` takes another version once there is one",
        "--allow-quarantined " + id + " takes it nevertheless");
  }

  private static Set<String> origins(Collection<PackageClaim> claims) {
    Set<String> origins = new TreeSet<>();
    claims.forEach(claim -> origins.add(claim.origin()));
    return origins;
  }

  /**
   * A list came another way than from the registry: projects that hold what it names look again.
   *
   * @param document the list, as this home keeps it now
   * @throws CommandException RAYA-SEC-003 if it is malformed
   * @throws IOException if records cannot be removed
   */
  public static void taken(Session session, String origin, byte[] document)
      throws CommandException, IOException {
    QuarantineNews.tell(session, origin, document, read(origin, document));
  }

  /** Takes a list that the registry serves; projects that hold what it names look again. */
  private QuarantineList arrived(String origin, Optional<byte[]> document) {
    try {
      if (document.isEmpty()) {
        return QuarantineList.NONE;
      }
      QuarantineList list = read(origin, document.get());
      QuarantineNews.tell(session, origin, document.get(), list);
      return list.without(allowed);
    } catch (CommandException malformed) {
      throw new CompletionException(malformed);
    } catch (IOException failed) {
      throw new CompletionException(Failure.of(failed));
    }
  }

  private static QuarantineList read(String origin, byte[] document) throws CommandException {
    try {
      return QuarantineList.read(document);
    } catch (JsonException malformed) {
      throw new CommandException(
          "RAYA-SEC-003",
          "the quarantine list of " + origin + " is malformed: " + malformed.getMessage(),
          "tell the registry's operator");
    }
  }

  private QuarantineList known(String origin) throws CommandException, InterruptedException {
    CompletableFuture<QuarantineList> newest = asked.get(origin);
    try {
      return newest == null ? keptOrAsked(origin) : newest.join();
    } catch (CompletionException failed) {
      throw besideDamage(origin, IndexAnswers.cause(failed));
    } catch (CommandException failed) {
      throw besideDamage(origin, failed);
    }
  }

  /** Why a list could not be had anew matters less than that the one in the home is damaged. */
  private CommandException besideDamage(String origin, CommandException failed) {
    CommandException damaged = unreadable.get(origin);
    if (damaged == null) {
      return failed;
    }
    List<Finding> findings = new ArrayList<>(damaged.findings());
    findings.addAll(failed.findings());
    return new CommandException(findings);
  }

  /** The list seen last; one that cannot be read is asked for anew, where somebody may be asked. */
  private QuarantineList keptOrAsked(String origin) throws CommandException, InterruptedException {
    try {
      return kept(origin);
    } catch (CommandException damaged) {
      if (session.settings().offline()) {
        throw damaged;
      }
      session.console().detail(String.valueOf(damaged.getMessage()));
      unreadable.put(origin, damaged);
      return of(origin, session.index(session.registryOf(origin))).toCompletableFuture().join();
    }
  }

  /** A list that is there and cannot be read may name what this command is about to take. */
  private QuarantineList kept(String origin) throws CommandException {
    Optional<KnownRegistries.Known> known = session.known().byOrigin(origin);
    if (known.isEmpty()) {
      return QuarantineList.NONE;
    }
    Path folder = session.known().folder(known.get());
    try {
      Optional<byte[]> document = HeldMetadata.kept(folder, QuarantineList.PATH);
      return document.isEmpty()
          ? QuarantineList.NONE
          : QuarantineList.read(document.get()).without(allowed);
    } catch (JsonException malformed) {
      throw unreadable(origin, folder, "malformed: " + malformed.getMessage());
    } catch (IOException unreadable) {
      throw unreadable(origin, folder, String.valueOf(unreadable.getMessage()));
    }
  }

  private static CommandException unreadable(String origin, Path folder, String why) {
    return new CommandException(
        "RAYA-SEC-013",
        "the quarantine list held of " + origin + " cannot be read",
        "file: " + HeldMetadata.keptFile(folder, QuarantineList.PATH),
        "found: " + why,
        "nothing was installed, since it may name what is locked;"
            + " `raya-pm install --verify` with a network brings it again");
  }
}

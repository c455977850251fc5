package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.project.LockCheck;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whether a lockfile follows from its manifests (packages.md 4), before anything is made of it. */
public final class LockStructure {
  private final Session session;
  private final ProjectFolder project;

  /** Judges a project's lockfile by what the session knows of registries. */
  public LockStructure(Session session, ProjectFolder project) {
    this.session = session;
    this.project = project;
  }

  /**
   * A lockfile beside the manifests that it was made from.
   *
   * @param manifests the project's
   * @param lockfile what was locked
   */
  public record Locked(ProjectManifests manifests, Lockfile lockfile) {}

  /**
   * The lockfile, once its structure was found to follow from the manifests; nothing is fetched or
   * written.
   *
   * @throws CommandException RAYA-PKG-005 if there is none, RAYA-PKG-006 if it is outdated,
   *     RAYA-PKG-007 if it does not follow
   * @throws InterruptedException if the thread was interrupted
   */
  public Locked locked() throws CommandException, InterruptedException {
    try {
      session.prepareHome();
      String text = Files.readString(project.manifest(), StandardCharsets.UTF_8);
      Manifest manifest = Manifests.parse(project, text);
      session.raise(manifest.trustLevel());
      Lockfile lockfile = LockedFiles.require(project);
      ProjectManifests manifests =
          new ForeignReader(
                  session,
                  LockedFiles.manifests(project, manifest, session.console()),
                  lockfile,
                  Set.of())
              .read();
      LockCheck check = new LockCheck(manifests, lockfile, ProjectFolder.LOCKFILE);
      if (check.isOutdated()) {
        throw new CommandException(
            "RAYA-PKG-006",
            "raya.lock does not fit raya.toml any more",
            "`raya-pm install` brings it in line");
      }
      require(check, lockfile);
      return new Locked(manifests, lockfile);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** A lockfile must follow from its manifests, as far as that is seen without metadata. */
  void require(LockCheck check, Lockfile lockfile)
      throws CommandException, IOException, InterruptedException {
    Set<String> origins = origins(lockfile);
    if (origins.isEmpty() && session.settings().offline()) {
      // A home that knows no registry cannot judge sources; what it lacks is what can be said.
      List<PackageClaim> missing = new ArrayList<>();
      for (LockedPackage locked : lockfile.packages()) {
        Optional<PackageClaim> claim = PackageClaim.of(locked);
        if (claim.isPresent() && session.cache().get(claim.get().checksum()).isEmpty()) {
          missing.add(claim.get());
        }
      }
      if (!missing.isEmpty()) {
        throw offline(missing);
      }
    }
    try {
      check.structure(origins);
    } catch (LockfileException refused) {
      throw LockedFiles.failure(project, refused);
    }
  }

  /**
   * Whether a lockfile follows from its manifests, and from the metadata of its packages where all
   * of it is at hand: if not, {@code lock} resolves anew, as the finding about it advises.
   */
  boolean follows(LockCheck check, Lockfile lockfile)
      throws CommandException, IOException, InterruptedException {
    try {
      require(check, lockfile);
      LockedMetadata entries = new LockedMetadata(session.cache());
      Map<String, PackageMetadata> published = new HashMap<>();
      for (LockedPackage locked : lockfile.packages()) {
        PackageMetadata metadata = entries.of(locked);
        if (metadata != null) {
          published.put(locked.id(), metadata);
        } else if (locked.checksum() != null) {
          return true; // the install that fetches it looks again
        }
      }
      check.contents(locked -> published.get(locked.id()), Resolutions.everybody(session));
      return true;
    } catch (LockfileException breach) {
      return false;
    } catch (CommandException refused) {
      if (refused.findings().getFirst().code().equals("RAYA-PKG-007")) {
        return false;
      }
      throw refused;
    }
  }

  /** The origins that packages may come from; the registry is asked only if nothing else tells. */
  private Set<String> origins(Lockfile lockfile) throws CommandException, InterruptedException {
    if (lockfile.packages().stream().noneMatch(p -> p.source() instanceof LockSource.Registry)) {
      return Set.of();
    }
    RegistryAddress address = session.settings().registry();
    if (address != null) {
      Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
      if (known.isPresent()) {
        return Set.of(known.get().origin());
      }
      if (!session.settings().offline()) {
        return Set.of(session.registry().config().origin());
      }
    }
    Set<String> origins = new TreeSet<>();
    for (KnownRegistries.Known known : session.known().all()) {
      origins.add(known.origin());
    }
    return origins;
  }

  /**
   * Edges, features and grants of a lockfile must be what manifests and metadata give.
   *
   * @throws CommandException RAYA-PKG-007 if they are not
   */
  public void requireContents(Locked locked) throws CommandException {
    try {
      new LockCheck(locked.manifests(), locked.lockfile(), ProjectFolder.LOCKFILE)
          .contents(new LockedMetadata(session.cache())::of, Resolutions.everybody(session));
    } catch (LockfileException refused) {
      throw LockedFiles.failure(project, refused);
    }
  }

  /** What the cache lacks while no network may be used. */
  static CommandException offline(List<PackageClaim> missing) {
    List<String> names = new ArrayList<>();
    for (PackageClaim claim : missing) {
      names.add(claim.label());
    }
    return new CommandException(
        "RAYA-NET-003",
        "offline, and the cache lacks " + String.join(", ", names),
        "run `raya-pm install` once without --offline");
  }
}

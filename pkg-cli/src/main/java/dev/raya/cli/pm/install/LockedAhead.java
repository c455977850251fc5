package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.project.PlainPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what a project has locked on a thread of its own, while the command reads manifests and
 * waits for a registry. What it finds is what the command would find a moment later; where it
 * fails, the command looks itself, and says what is wrong.
 */
final class LockedAhead {
  private final FutureTask<Seen> looking;

  /**
   * What is locked.
   *
   * @param document the lockfile's bytes; not copied
   * @param lockfile what they say
   * @param accepted what the last install has accepted
   * @param held whether it has accepted every registry package of the lockfile, and all entries
   *     look as they did then
   * @param metadata the {@code metadata.json} of the packages, by checksum, if all are held
   * @param assumed those of them that were not read: of plain packages, as the lockfile has them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Seen(
      byte[] document,
      Lockfile lockfile,
      AcceptedEntries accepted,
      boolean held,
      Map<Digest, PackageMetadata> metadata,
      Set<Digest> assumed) {
    /**
     * Whether the lockfile has not changed since.
     *
     * @throws IOException if it cannot be read
     */
    boolean isCurrent(ProjectFolder project) throws IOException {
      return Files.exists(project.lockfile())
          && Arrays.equals(document, Files.readAllBytes(project.lockfile()));
    }
  }

  private LockedAhead(Callable<Seen> look) {
    looking = new FutureTask<>(look);
    Thread thread = new Thread(looking, "locked");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins to look.
   *
   * @param checks the user's level and policy under which entries count as accepted
   * @param edits whether the command edits the manifest, so that what is plain need not be read
   */
  static LockedAhead begin(Session session, ProjectFolder project, String checks, boolean edits) {
    TrustLevel level = session.settings().trustLevel(); // now: the manifest may raise it meanwhile
    return new LockedAhead(() -> look(session, project, checks, level, edits));
  }

  private static Seen look(
      Session session, ProjectFolder project, String checks, TrustLevel level, boolean edits)
      throws CommandException, IOException, LockfileException {
    byte[] document = Files.readAllBytes(project.lockfile());
    Lockfile lockfile = LockfileCodec.read(ProjectFolder.LOCKFILE, document);
    AcceptedEntries accepted = AcceptedEntries.of(session, project.root(), checks, level);
    for (PackageClaim claim : Installer.claims(lockfile)) {
      if (!accepted.holds(claim)) {
        return new Seen(document, lockfile, accepted, false, Map.of(), Set.of());
      }
    }
    LockedMetadata entries = new LockedMetadata(session.cache());
    Map<Digest, PackageMetadata> metadata = new HashMap<>();
    Set<Digest> assumed = new HashSet<>();
    boolean assumes = edits && accepted.isOf(Digest.of(document));
    for (LockedPackage locked : lockfile.packages()) {
      Digest checksum = locked.checksum();
      if (checksum != null
          && assumes
          && accepted.isPlain(checksum)
          && PlainPackages.isToldBy(locked)) {
        metadata.put(checksum, PlainPackages.metadata(locked));
        assumed.add(checksum);
        continue;
      }
      PackageMetadata read = checksum == null ? null : entries.of(locked);
      if (checksum != null && read != null) {
        metadata.put(checksum, read);
      }
    }
    return new Seen(document, lockfile, accepted, true, metadata, assumed);
  }

  /**
   * What was seen; null if it could not be.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable Seen seen() throws InterruptedException {
    try {
      return looking.get();
    } catch (ExecutionException failed) {
      return null; // the command looks itself, and fails in its own place
    }
  }
}

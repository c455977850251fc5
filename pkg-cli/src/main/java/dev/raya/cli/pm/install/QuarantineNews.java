package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.ClosureRecord;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a new quarantine list means for installs that are finished: the records by which a no-op
 * sees that there is nothing to do are taken away from the projects that hold a version of the
 * list, so that their next install looks at it. A no-op itself never reads a list.
 */
final class QuarantineNews {
  private static final String TOLD = "quarantine-told";
  private static final String TELLING = "telling ";
  private static final int MAX_TOLD = 128;

  private QuarantineNews() {}

  /**
   * Takes records away, unless that was done for this list before. A kill in between does it again.
   *
   * @throws CommandException if what is known of registries is malformed
   * @throws IOException if records cannot be removed
   */
  static void tell(Session session, String origin, byte[] document, QuarantineList list)
      throws CommandException, IOException {
    Optional<KnownRegistries.Known> known = session.known().byOrigin(origin);
    if (known.isEmpty()) {
      return;
    }
    Path told = session.known().folder(known.get()).resolve(TOLD);
    byte[] digest = Digest.of(document).hex().getBytes(StandardCharsets.UTF_8);
    String heard = new String(digest, StandardCharsets.UTF_8);
    if (AtomicFiles.holdsText(told, digest)) {
      session.heardLists().put(known.get().id(), heard);
      return;
    }
    if (!list.isEmpty()) {
      // Said first: whoever finishes an install from here on sees that there is news, and whoever
      // has finished one before has written the record that is taken away.
      AtomicFiles.write(told, (TELLING + heard).getBytes(StandardCharsets.UTF_8));
      // Records of other checkouts first, from which a project's own may be made meanwhile: few,
      // and which lockfiles they are of cannot be told.
      File[] shared = session.home().root().resolve("closures").toFile().listFiles();
      for (File record : shared == null ? new File[0] : shared) {
        Files.deleteIfExists(record.toPath());
      }
      for (Path folder : new KnownProjects(session.home()).folders()) {
        try {
          forget(folder, list);
        } catch (IOException readOnly) {
          // Nobody installs there either; the others must not wait for it.
          session.console().detail("the record of " + folder + " stays: " + readOnly.getMessage());
        }
      }
    }
    AtomicFiles.write(told, digest);
    session.heardLists().put(known.get().id(), heard);
  }

  /**
   * Notes which lists were told of, before an install looks at any.
   *
   * @throws CommandException if what is known of registries is malformed
   * @throws IOException if a note cannot be read
   */
  static void listen(Session session) throws CommandException, IOException {
    for (KnownRegistries.Known known : session.known().all()) {
      session.heardLists().put(known.id(), told(session, known));
    }
  }

  /**
   * Whether a list was told of since {@link #listen} that this command has not looked at: then what
   * it has found out says nothing of that list.
   *
   * @throws CommandException if what is known of registries is malformed
   * @throws IOException if a note cannot be read
   */
  static boolean isUnheard(Session session) throws CommandException, IOException {
    for (KnownRegistries.Known known : session.known().all()) {
      String heard = session.heardLists().get(known.id());
      if (heard != null && !heard.equals(told(session, known))) {
        return true;
      }
    }
    return false;
  }

  private static String told(Session session, KnownRegistries.Known known) throws IOException {
    Path told = session.known().folder(known).resolve(TOLD);
    try {
      return Files.size(told) > MAX_TOLD ? "" : Files.readString(told, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException never) {
      return "";
    }
  }

  private static void forget(Path folder, QuarantineList list) throws IOException {
    Lockfile lockfile;
    try {
      lockfile = LockedFiles.read(new ProjectFolder(folder));
    } catch (CommandException malformed) {
      return; // whoever installs there is told, and has no record that holds
    }
    if (lockfile == null
        || lockfile.packages().stream()
            .allMatch(locked -> list.reason(locked.name(), locked.version()) == null)) {
      return;
    }
    Files.deleteIfExists(ClosureRecord.file(folder));
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.source() instanceof LockSource.Path(String member)) {
        Files.deleteIfExists(ClosureRecord.file(folder.resolve(member)));
      }
    }
  }
}

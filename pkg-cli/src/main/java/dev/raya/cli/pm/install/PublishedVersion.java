package dev.raya.cli.pm.install;

import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One published version in the cache, for commands that look into packages they do not install:
 * fetched and verified like an installed one.
 *
 * @param claim what the index says of it
 * @param entry its cache entry
 */
public record PublishedVersion(PackageClaim claim, CacheEntry entry) {

  /**
   * The index document of a package.
   *
   * @throws CommandException RAYA-RES-002 if there is no such package, or as the index fails
   * @throws InterruptedException if the thread was interrupted
   */
  public static IndexDocument document(Resolutions resolutions, PackageName name)
      throws CommandException, InterruptedException {
    return switch (IndexAnswers.answer(resolutions.index(), name)) {
      case IndexAnswer.Found(IndexDocument found) -> found;
      case IndexAnswer.Absent(List<PackageName> nearest) ->
          throw new CommandException(ResolutionFailures.noSuchPackage(name, nearest));
    };
  }

  /**
   * Brings a version into the cache.
   *
   * @param document the package's index document
   * @param origin of the registry that it is from
   * @throws CommandException RAYA-RES-003 if there is no such version, RAYA-NET-003 if it would
   *     have to be fetched offline, or as fetching and checking fail
   * @throws InterruptedException if the thread was interrupted
   */
  public static PublishedVersion of(
      Session session, IndexDocument document, String origin, Version version)
      throws CommandException, InterruptedException {
    PackageName name = document.name();
    VersionLine line = document.version(version);
    if (line == null) {
      List<VersionLine> versions = document.versions();
      throw new CommandException(
          "RAYA-RES-003",
          name + " has no version " + version,
          versions.isEmpty()
              ? "it has none at all"
              : "the last one published is " + versions.getLast().version());
    }
    PackageClaim claim = PackageClaim.of(name, origin, line);
    try {
      Optional<CacheEntry> present = session.cache().get(claim.checksum());
      if (present.isEmpty()) {
        if (session.settings().offline()) {
          throw new CommandException(
              "RAYA-NET-003",
              "offline, and the cache lacks " + claim.label(),
              "run the command once without --offline");
        }
        session.prepareHome();
        new PackageFetcher(session, session.registry(), Map.of(name, document))
            .fetch(List.of(claim));
        present = session.cache().get(claim.checksum());
      }
      return new PublishedVersion(claim, present.orElseThrow());
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * Its bytecode.
   *
   * @throws CommandException RAYA-PKG-015 if the entry is damaged
   */
  public VerifiedModule module() throws CommandException {
    try {
      return Verifier.verify(Files.readAllBytes(entry.file(PackageArchive.MODULE)));
    } catch (RbinException damaged) {
      throw new CommandException(
          "RAYA-PKG-015",
          "the cache entry of " + claim.label() + " is damaged: " + damaged.getMessage(),
          "`raya-pm cache verify` moves it out; then try again");
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}

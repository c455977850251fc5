package dev.raya.cli.pm.publish;

import dev.raya.cache.archive.PackageArchive;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.PublishedVersion;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.version.Predecessor;
import dev.raya.resolver.version.Version;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import dev.raya.vm.bytecode.compat.InterfaceChange;
import dev.raya.vm.bytecode.compat.InterfaceComparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The semver check of publish: a version that breaks the typed interface of its predecessor on the
 * same compatibility line is refused before anything is sent. The registry makes the same
 * comparison again.
 */
final class InterfaceCheck {
  /** Most changes that are listed one by one. */
  private static final int MAX_LISTED = 50;

  private final Session session;
  private final String origin;

  /**
   * @param origin of the registry that is published to
   */
  InterfaceCheck(Session session, String origin) {
    this.session = session;
    this.origin = origin;
  }

  /**
   * Compares what was packed with what users of the line have.
   *
   * @param before the package's index document, or null for its first version
   * @param allowBreaking whether breaks are only reported
   * @throws CommandException RAYA-PKG-012 if users would be broken, or as fetching the predecessor
   *     fails
   * @throws InterruptedException if the thread was interrupted
   * @throws IOException if the archive cannot be read
   */
  void check(@Nullable IndexDocument before, Packed packed, boolean allowBreaking)
      throws CommandException, InterruptedException, IOException {
    Version next = packed.metadata().version();
    Version predecessor = before == null ? null : predecessor(before, next);
    if (before == null || predecessor == null) {
      return;
    }
    VerifiedModule old = PublishedVersion.of(session, before, origin, predecessor).module();
    List<InterfaceChange> breaking = InterfaceComparison.of(old, module(packed)).breaking();
    if (breaking.isEmpty()) {
      return;
    }
    String message =
        "%s %s breaks users of %s in %d %s"
            .formatted(
                packed.metadata().name(),
                next,
                predecessor,
                breaking.size(),
                breaking.size() == 1 ? "place" : "places");
    List<String> notes = new ArrayList<>();
    breaking.stream().limit(MAX_LISTED).forEach(change -> notes.add(change.text()));
    if (breaking.size() > MAX_LISTED) {
      notes.add("and " + (breaking.size() - MAX_LISTED) + " more");
    }
    if (allowBreaking) {
      session
          .console()
          .report(Finding.warning("RAYA-PKG-012", message, notes.toArray(String[]::new)));
      return;
    }
    notes.add(
        "publish it as "
            + next.line().next()
            + " (`raya-pm version` writes it), restore what changed, or use --allow-breaking");
    throw new CommandException("RAYA-PKG-012", message, notes.toArray(String[]::new));
  }

  private static @Nullable Version predecessor(IndexDocument document, Version next) {
    List<Version> counted = new ArrayList<>();
    for (VersionLine line : document.versions()) {
      StatusLine status = document.status(line.version());
      if (status == null || (!status.yanked() && !status.tombstone())) {
        counted.add(line.version());
      }
    }
    return Predecessor.of(next, counted).orElse(null);
  }

  private static VerifiedModule module(Packed packed) throws IOException {
    try {
      return Verifier.verify(PackageArchive.readWithModule(packed.archive()).module());
    } catch (RbinException impossible) {
      throw new IllegalStateException(
          "the compiler wrote a module that does not verify", impossible);
    }
  }
}

package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Span;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.lock.LockfileRecovery;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.manifest.SourceText;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Reads what a resolution starts from: lockfile and manifests of path dependencies. */
public final class LockedFiles {
  private LockedFiles() {}

  /**
   * The project's lockfile, or null if there is none.
   *
   * @throws CommandException RAYA-PKG-005 if it is malformed
   */
  public static @Nullable Lockfile read(ProjectFolder project) throws CommandException {
    try {
      if (!Files.exists(project.lockfile())) {
        return null;
      }
      return LockfileCodec.read(ProjectFolder.LOCKFILE, Files.readAllBytes(project.lockfile()));
    } catch (LockfileException malformed) {
      throw failure(project, malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * The project's lockfile.
   *
   * @throws CommandException RAYA-PKG-005 if it is malformed or there is none
   */
  public static Lockfile require(ProjectFolder project) throws CommandException {
    Lockfile lockfile = read(project);
    if (lockfile == null) {
      throw new CommandException(
          "RAYA-PKG-005", "there is no raya.lock", "`raya-pm install` writes it");
    }
    return lockfile;
  }

  /**
   * The project's lockfile, or what can be read of a malformed one; null if there is none.
   *
   * @throws CommandException if the file cannot be read
   */
  public static @Nullable Lockfile recover(ProjectFolder project) throws CommandException {
    try {
      if (!Files.exists(project.lockfile())) {
        return null;
      }
      byte[] document = Files.readAllBytes(project.lockfile());
      try {
        return LockfileCodec.read(ProjectFolder.LOCKFILE, document);
      } catch (LockfileException malformed) {
        return LockfileRecovery.read(document);
      }
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** A malformed lockfile, or one that does not follow, as a finding with its line. */
  public static CommandException failure(ProjectFolder project, LockfileException refused) {
    Finding finding = Finding.error(refused.code(), String.valueOf(refused.getMessage()));
    return new CommandException(
        refused.line() > 0 ? finding.at(line(project, refused.line())) : finding);
  }

  /** A whole line of the lockfile; its number alone if it cannot be read any more. */
  private static Span line(ProjectFolder project, int line) {
    try {
      SourceText text =
          new SourceText(
              ProjectFolder.LOCKFILE,
              new String(Files.readAllBytes(project.lockfile()), StandardCharsets.UTF_8));
      SourcePosition end = text.at(line, Integer.MAX_VALUE);
      return new Span(
          ProjectFolder.LOCKFILE,
          new Span.Position(line, 1, text.at(line, 1).offset()),
          new Span.Position(line, end.column(), end.offset()));
    } catch (IOException gone) {
      return Span.at(ProjectFolder.LOCKFILE, line, 1, 0);
    }
  }

  /**
   * The manifests that a resolution of a project reads: its own, those of its workspace, and those
   * of all path dependencies, theirs included.
   *
   * @param own the project's manifest; in a member of a workspace the member's
   * @throws CommandException if one is missing or malformed
   */
  public static ProjectManifests manifests(ProjectFolder project, Manifest own, Console console)
      throws CommandException {
    return ManifestTree.read(project, own, console).manifests();
  }

  /** The manifest of the root of a member's workspace. */
  public static Manifest rootOf(ProjectFolder member) throws CommandException {
    try {
      return ManifestReader.readFile(
          member.workspace().resolve(ProjectFolder.MANIFEST), ProjectFolder.MANIFEST);
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}

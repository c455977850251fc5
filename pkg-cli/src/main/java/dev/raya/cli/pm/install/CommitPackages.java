package dev.raya.cli.pm.install;

import dev.raya.cache.archive.TreeDigest;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.fetch.git.GitCheckout;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.WorkspaceMembers;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.manifest.WorkspaceInheritance;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The packages in the files of one commit: at its root, in the folders that its workspace names,
 * and where path dependencies of those lead. Nothing outside of the commit is read.
 */
final class CommitPackages {
  private static final String MALFORMED = "RAYA-PKG-001";
  private static final String ROOT = "";

  /** Digits of a commit that messages show. */
  private static final int SHOWN = 12;

  private final String url;
  private final GitCheckout checkout;
  private @Nullable Manifest root;

  /**
   * A package.
   *
   * @param folder where in the commit it lies, with {@code /}; empty for the root
   * @param files the same on this machine
   * @param tree digest of its files
   * @param manifest its manifest
   */
  record Found(String folder, Path files, Digest tree, Manifest manifest) {}

  /**
   * The packages of a commit.
   *
   * @param url its repository, as the manifest names it
   */
  CommitPackages(String url, GitCheckout checkout) {
    this.url = url;
    this.checkout = checkout;
  }

  /** The repository. */
  String url() {
    return url;
  }

  /** The full commit id. */
  String commit() {
    return checkout.commit();
  }

  /** A folder of the commit, for people. */
  String place(String folder) {
    return place(url, checkout.commit(), folder);
  }

  /** A folder of a commit of a repository, for people. */
  static String place(String url, String commit, String folder) {
    return url + "#" + commit.substring(0, SHOWN) + (folder.isEmpty() ? "" : "/" + folder);
  }

  /**
   * The folder that a path of a folder leads to; empty if it leads out of the commit.
   *
   * @param from the folder of the manifest that says it
   * @param path as the manifest says it
   */
  static Optional<String> resolve(String from, String path) {
    Deque<String> names = new ArrayDeque<>();
    for (String name : (from + "/" + path).split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return Optional.of(String.join("/", names));
  }

  /**
   * The package of a name: that of the root, else a member of the workspace that the root is.
   *
   * @throws CommandException RAYA-PKG-001 if there is none, or a manifest is malformed
   */
  Found named(PackageName name) throws CommandException {
    Manifest top = root();
    if (top == null) {
      throw new CommandException(
          MALFORMED, url + " has no raya.toml at " + checkout.commit(), "it is no package of Raya");
    }
    if (name.equals(top.name())) {
      return new Found(ROOT, checkout.files(), checkout.tree(), top);
    }
    SortedSet<String> names = new TreeSet<>();
    if (top.name() != null) {
      names.add(top.name().text());
    }
    if (top.workspace() != null) {
      for (String folder : new WorkspaceMembers(checkout.files(), top).folders()) {
        Manifest member = manifest(folder);
        if (member != null && name.equals(member.name())) {
          return found(folder, member);
        }
        if (member != null && member.name() != null) {
          names.add(member.name().text());
        }
      }
    }
    String held =
        switch (names.size()) {
          case 0 -> "no package";
          case 1 -> "the package " + names.first();
          default -> "the packages " + String.join(", ", names);
        };
    throw new CommandException(
        MALFORMED,
        url + " holds " + held + ", not " + name,
        names.isEmpty()
            ? "its raya.toml has no [package]"
            : "write the name of one as the key, or as package = \"…\"");
  }

  /**
   * The package in a folder.
   *
   * @throws CommandException RAYA-PKG-001 if there is none, or its manifest is malformed
   */
  Found at(String folder) throws CommandException {
    Manifest manifest = folder.isEmpty() ? root() : manifest(folder);
    if (manifest == null) {
      throw new CommandException(
          MALFORMED, place(folder) + " holds no raya.toml", "it is no package of Raya");
    }
    return folder.isEmpty()
        ? new Found(ROOT, checkout.files(), checkout.tree(), manifest)
        : found(folder, manifest);
  }

  private Found found(String folder, Manifest manifest) throws CommandException {
    Path files = checkout.files().resolve(folder);
    try {
      return new Found(folder, files, TreeDigest.ofFolder(files, Set.of()), manifest);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private @Nullable Manifest root() throws CommandException {
    if (root == null) {
      root = manifest(ROOT);
    }
    return root;
  }

  /** A folder's manifest, with what it inherits if it is a member; null if there is none. */
  private @Nullable Manifest manifest(String folder) throws CommandException {
    Path file = checkout.files().resolve(folder).resolve(ProjectFolder.MANIFEST);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      Manifest own = ManifestReader.readFile(file, place(folder) + "/" + ProjectFolder.MANIFEST);
      Manifest top = folder.isEmpty() ? null : root();
      boolean member = top != null && top.workspace() != null && top.workspace().contains(folder);
      return top != null && member ? new WorkspaceInheritance(top, folder).of(own) : own;
    } catch (ManifestException malformed) {
      throw Manifests.refused(malformed);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}

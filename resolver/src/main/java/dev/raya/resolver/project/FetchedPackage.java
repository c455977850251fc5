package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import java.time.Instant;

/**
 * A package whose source holds exactly one version, so that it is fetched before the resolution
 * rather than asked for by it: what a git commit or an archive on the web holds.
 */
public sealed interface FetchedPackage {

  /** Where the lockfile says it comes from. */
  LockSource source();

  /**
   * A package in a commit of a git repository.
   *
   * @param url the repository, as the manifest names it
   * @param commit the full commit id
   * @param folder where in it the package lies, with {@code /}; empty for its root
   * @param tree digest of that folder's files
   * @param manifest its {@code raya.toml}
   */
  record FromGit(String url, String commit, String folder, Digest tree, Manifest manifest)
      implements FetchedPackage {
    @Override
    public LockSource source() {
      return new LockSource.Git(url, commit);
    }
  }

  /**
   * An archive on the web.
   *
   * @param url its address, as the manifest names it
   * @param checksum of the archive's bytes
   * @param tree of the unpacked files
   * @param size of the archive in bytes
   * @param metadata its {@code metadata.json}
   */
  record FromUrl(String url, Digest checksum, Digest tree, long size, PackageMetadata metadata)
      implements FetchedPackage {
    @Override
    public LockSource source() {
      return new LockSource.Url(url);
    }

    /** What an index would say of it; there is no log, so index and time are those of no record. */
    VersionLine line() {
      return VersionLine.of(0, Instant.EPOCH, metadata, checksum, size, tree);
    }
  }
}

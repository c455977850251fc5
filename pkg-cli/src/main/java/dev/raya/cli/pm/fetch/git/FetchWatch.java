package dev.raya.cli.pm.fetch.git;

import dev.raya.cli.console.Progress;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Shows what arrives and ends a transfer that is larger than a dependency can be. */
final class FetchWatch extends EmptyProgressMonitor {
  /** Most objects of one transfer. */
  static final int MAX_OBJECTS = 2_000_000;

  /** Objects between two looks at the disk. */
  private static final int LOOK = 512;

  private final Path packs;
  private final long maxBytes;
  private final Progress progress;
  private long objects;
  private long sinceLook;
  private volatile boolean tooLarge;

  FetchWatch(Path packs, long maxBytes, Progress progress) {
    this.packs = packs;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /** Whether it ended the transfer. */
  boolean tooLarge() {
    return tooLarge;
  }

  @Override
  public void update(int completed) {
    objects += completed;
    sinceLook += completed;
    progress.advance(completed);
    if (objects > MAX_OBJECTS) {
      tooLarge = true;
    }
    if (sinceLook >= LOOK) {
      sinceLook = 0;
      look();
    }
  }

  /** Compares what lies on disk with the bound, once more after the last object. */
  void look() {
    long bytes = 0;
    if (!Files.isDirectory(packs)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(packs)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    } catch (IOException movedMeanwhile) {
      // A file was renamed while it was counted; the next look counts it.
      return;
    }
    if (bytes > maxBytes) {
      tooLarge = true;
    }
  }

  @Override
  public boolean isCancelled() {
    return tooLarge || Thread.currentThread().isInterrupted();
  }
}

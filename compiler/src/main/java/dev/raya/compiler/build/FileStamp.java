package dev.raya.compiler.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a file system tells of a file without its content: when all of it is as it was, so is the
 * content, unless the file was written twice within one tick of the file system's clock. So a stamp
 * counts only if it was {@linkplain #isSettled settled} when the content was read (the rule of
 * git's index for what it calls racily clean).
 *
 * @param size in bytes
 * @param modified when the content was last changed, in nanoseconds since 1970; programs may set it
 * @param changed when content or attributes were last changed, in nanoseconds since 1970; they may
 *     not set this
 * @param inode which file it is
 */
record FileStamp(long size, long modified, long changed, long inode) {
  /** Longer than the coarsest clock of a file system in use ticks: 2 s, of FAT. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final String ATTRIBUTES = "unix:isRegularFile,size,lastModifiedTime,ctime,ino";

  /** The stamp of a file; null if it is none, or if the platform does not tell enough. */
  static @Nullable FileStamp of(Path file) {
    try {
      Map<String, Object> told = Files.readAttributes(file, ATTRIBUTES);
      return told.get("isRegularFile") instanceof Boolean regular
              && regular
              && told.get("size") instanceof Long size
              && told.get("lastModifiedTime") instanceof FileTime modified
              && told.get("ctime") instanceof FileTime changed
              && told.get("ino") instanceof Long inode
          ? new FileStamp(
              size, modified.to(TimeUnit.NANOSECONDS), changed.to(TimeUnit.NANOSECONDS), inode)
          : null;
    } catch (IOException | UnsupportedOperationException unknown) {
      return null; // the file is read
    }
  }

  /** Whether a change from now on is sure to show in the stamp. */
  boolean isSettled(Instant now) {
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return nanos - Math.max(modified, changed) > SETTLED_NANOS;
  }

  /** As a record's own, written out: making that at run time costs a start more than it saves. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStamp stamp
        && size == stamp.size
        && modified == stamp.modified
        && changed == stamp.changed
        && inode == stamp.inode;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(modified) * 31 + Long.hashCode(inode);
  }
}

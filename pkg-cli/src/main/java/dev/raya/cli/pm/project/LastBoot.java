package dev.raya.cli.pm.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * When this machine was started. What was written before that without being forced to disk may have
 * been cut off by a power cut, and is hashed once before it is believed again.
 *
 * @param time of the start; the distant past where the system does not tell
 */
public record LastBoot(Instant time) {
  private static final Path UPTIME = Path.of("/proc/uptime");

  /** Uptime and clock are read one after the other, and file systems round. */
  private static final long SLACK_SECONDS = 2;

  /** Asks the system. */
  public static LastBoot before(Instant now) {
    try {
      String text = Files.readString(UPTIME);
      int end = text.indexOf('.');
      if (end > 0) {
        return new LastBoot(now.minusSeconds(Long.parseLong(text.substring(0, end))));
      }
    } catch (IOException | NumberFormatException untold) {
      return new LastBoot(Instant.EPOCH);
    }
    return new LastBoot(Instant.EPOCH);
  }

  /** Whether a file was written, or found whole, since then; a missing one was not. */
  public boolean covers(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file)
          .toInstant()
          .isAfter(time.plusSeconds(time.equals(Instant.EPOCH) ? 0 : SLACK_SECONDS));
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /** Notes that a file was found whole; where that cannot be written, it is looked at again. */
  public static void found(Path file, Instant now) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(now));
    } catch (IOException readOnly) {
      return;
    }
  }
}

package dev.raya.registry.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Who uses the keys of a data directory: servers together, whichever database they use, or one
 * command that replaces keys. The system takes it back when a process ends, however it ends.
 */
public final class KeysLock implements AutoCloseable {
  private final FileChannel channel;

  private KeysLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it for a server, beside others; empty while keys are being replaced.
   *
   * @throws IOException if the file cannot be made
   */
  public static Optional<KeysLock> shared(DataDirectory directory) throws IOException {
    return take(directory, true);
  }

  /**
   * Takes it for oneself; empty while anybody else has it.
   *
   * @throws IOException if the file cannot be made
   */
  public static Optional<KeysLock> alone(DataDirectory directory) throws IOException {
    return take(directory, false);
  }

  private static Optional<KeysLock> take(DataDirectory directory, boolean shared)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.keysLock(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock != null) {
        return Optional.of(new KeysLock(channel));
      }
    } catch (OverlappingFileLockException sameProcess) {
      // Somebody has it, and is this very process.
    }
    channel.close();
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

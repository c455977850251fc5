package dev.raya.registry.signer;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.NoteKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The logs of other registries that this one witnesses: lines {@code log VKEY} of the operator's
 * file, as a tlog-policy writes them. Without the file it witnesses none.
 */
public final class WitnessedLogs {
  /** Path below the data directory. */
  public static final String FILE = "trust/witnessed.logs";

  private static final int MAX_LOGS = 256;
  private static final String LOG = "log ";

  private WitnessedLogs() {}

  /**
   * The keys of the logs.
   *
   * @throws SigningException if a line is malformed
   * @throws IOException if the file cannot be read
   */
  public static List<NoteKey> read(DataDirectory directory) throws SigningException, IOException {
    Path file = directory.root().resolve(FILE);
    List<NoteKey> logs = new ArrayList<>();
    if (!Files.exists(file)) {
      return logs;
    }
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(LOG) && logs.size() < MAX_LOGS) {
        logs.add(NoteKey.parse(line.substring(LOG.length()).strip().split(" ", 2)[0]));
      }
    }
    return logs;
  }

  /** Whether there is a file. */
  public static boolean any(DataDirectory directory) {
    return Files.exists(directory.root().resolve(FILE));
  }
}

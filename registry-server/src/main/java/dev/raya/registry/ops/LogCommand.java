package dev.raya.registry.ops;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.LogNames;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.tile.DirectoryTileStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code log verify}: checks the whole log from its files, without the database; 0 or 3. */
final class LogCommand {
  private final PrintStream out;

  LogCommand(PrintStream out) {
    this.out = out;
  }

  int verify(Arguments arguments) throws UsageException, CommandException, IOException {
    DataDirectory directory = CommandLine.directory(arguments);
    Path policy = directory.tree().resolve("trust/log.policy");
    if (!directory.exists() || !Files.exists(policy)) {
      throw new CommandException(1, "there is no log in " + directory.root());
    }
    List<String> faults = new ArrayList<>();
    long size;
    try {
      size =
          new LogCheck(
                  new DirectoryTileStore(directory.tree().resolve("log")),
                  LogCheck.policy(Files.readAllBytes(policy)),
                  faults::add)
              .check((index, record) -> {});
    } catch (SigningException e) {
      throw new CommandException(3, policy + ": " + e.getMessage());
    }
    faults.forEach(fault -> out.println("damaged: " + fault));
    out.println((faults.isEmpty() ? "ok: " : faults.size() + " faults: ") + size + " log entries");
    return faults.isEmpty() ? 0 : 3;
  }

  /** Prints the keys with which another registry can name this one. */
  int witness(Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException {
    DataDirectory directory = CommandLine.directory(arguments);
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    String origin = directory.origin();
    TrustKeys keys = new TrustKeys(directory);
    out.println(
        "log " + NoteKey.of(LogNames.log(origin), keys.logPublic(), NoteKey.Type.ED25519).text());
    out.println(
        "witness "
            + LogNames.log(origin)
            + ' '
            + NoteKey.of(
                    LogNames.cosigner(origin),
                    keys.cosignerPublic(),
                    NoteKey.Type.ED25519_COSIGNATURE)
                .text()
            + ' '
            + origin
            + "/witness");
    return 0;
  }
}

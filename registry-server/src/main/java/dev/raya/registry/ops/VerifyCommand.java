package dev.raya.registry.ops;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.tile.DirectoryTileStore;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** {@code verify}: compares database, blobs and static tree; ends with 0 or 3. */
final class VerifyCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  VerifyCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int run(Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    DataDirectory directory = CommandLine.directory(arguments);
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    Consistency.Findings findings;
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random);
        Connection connection = database.connect()) {
      findings =
          new Consistency(
                  connection,
                  new DirectoryBlobStore(directory.tree().resolve("blobs")),
                  new DirectoryStaticTree(directory.tree()),
                  new DirectoryTileStore(directory.tree().resolve("log")),
                  clock.instant())
              .check();
    }
    List<String> faults = new java.util.ArrayList<>(findings.faults());
    try {
      if (RegistryRoot.fingerprint(directory).isEmpty()) {
        faults.add("tuf/1.root.json is missing");
      }
    } catch (StorageException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    for (String fault : faults) {
      out.println("damaged: " + fault);
    }
    out.println(
        (faults.isEmpty() ? "ok: " : faults.size() + " faults: ")
            + findings.versions()
            + " versions, "
            + findings.leaves()
            + " log records, "
            + findings.blobs()
            + " blobs, "
            + findings.documents()
            + " index documents");
    return faults.isEmpty() ? 0 : 3;
  }
}

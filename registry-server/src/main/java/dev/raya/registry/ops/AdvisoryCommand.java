package dev.raya.registry.ops;

import dev.raya.registry.advisory.AdvisoryDocument;
import dev.raya.registry.advisory.AdvisoryTable;
import dev.raya.registry.advisory.MalformedAdvisoryException;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * {@code advisory add FILE | list | withdraw ID}: works beside a running server, which writes the
 * static tree's file within a second; without one the next start does.
 */
final class AdvisoryCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  AdvisoryCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int run(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    String verb = words.isEmpty() ? "" : words.getFirst();
    int operands = verb.equals("list") ? 1 : 2;
    if (!List.of("add", "list", "withdraw").contains(verb) || words.size() != operands) {
      throw new UsageException("expected advisory add FILE, advisory list or advisory withdraw ID");
    }
    // Read before the database is opened, so that a mistake costs nothing.
    AdvisoryDocument added = verb.equals("add") ? read(Path.of(words.get(1))) : null;
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random);
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      if (added != null) {
        add(connection, added);
      } else if (verb.equals("withdraw")) {
        withdraw(connection, words.get(1));
      } else {
        list(connection);
      }
      connection.commit();
    }
    return 0;
  }

  private static AdvisoryDocument read(Path file) throws CommandException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return AdvisoryDocument.read(in.readNBytes(AdvisoryDocument.MAX_BYTES + 1));
    } catch (NoSuchFileException e) {
      throw new CommandException(1, "there is no file " + file);
    } catch (MalformedAdvisoryException e) {
      throw new CommandException(1, file + " is no advisory in OSV form: " + e.getMessage());
    }
  }

  private void add(Connection connection, AdvisoryDocument advisory)
      throws CommandException, SQLException {
    try {
      boolean changed = AdvisoryTable.put(connection, advisory, now());
      if (changed) {
        audit(connection, "advisory.add", advisory.id());
      }
      out.println((changed ? "added " : "is there already: ") + advisory.id());
    } catch (MalformedAdvisoryException e) {
      throw new CommandException(1, String.valueOf(e.getMessage()));
    }
  }

  private void withdraw(Connection connection, String id) throws CommandException, SQLException {
    if (!AdvisoryTable.withdraw(connection, id, now())) {
      throw new CommandException(1, "there is no advisory " + id + " in force");
    }
    audit(connection, "advisory.withdraw", id);
    out.println("withdrew " + id);
  }

  private void list(Connection connection) throws SQLException {
    for (AdvisoryTable.Row row : AdvisoryTable.list(connection)) {
      out.println(
          row.id()
              + (row.withdrawn() ? " (withdrawn) " : " ")
              + String.join(",", row.packages())
              + " "
              + row.summary());
    }
  }

  private void audit(Connection connection, String action, String id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into audit_event (at, action, subject, detail, request_id)
            values (?, ?, ?, '{"operator":true}', '')""")) {
      insert.setTimestamp(1, Timestamp.from(now()));
      insert.setString(2, action);
      insert.setString(3, "advisory " + id);
      insert.executeUpdate();
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

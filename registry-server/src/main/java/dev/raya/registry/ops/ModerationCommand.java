package dev.raya.registry.ops;

import dev.raya.cache.disk.AtomicFile;
import dev.raya.registry.advisory.QuarantineTable;
import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.log.PendingRecords;
import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.log.LogRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code quarantine add|remove NAME@VERSION} and {@code takedown NAME@VERSION}: what an operator
 * does about a bad version, beside a running server, which logs and signs it within a second.
 */
final class ModerationCommand {
  private static final String REASON = "reason";

  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;

  /** A version that is published. */
  record Target(long packageId, long versionId, String name, String version, String archive) {}

  ModerationCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
  }

  int run(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    boolean takedown = words.getFirst().equals("takedown");
    String verb = takedown ? "takedown" : words.size() > 1 ? words.get(1) : "";
    int operands = takedown ? 2 : 3;
    if (words.size() != operands || !List.of("takedown", "add", "remove").contains(verb)) {
      throw new UsageException(
          "expected quarantine add|remove NAME@VERSION or takedown NAME@VERSION");
    }
    String text = words.getLast();
    int at = text.lastIndexOf('@');
    PackageName name = at <= 0 ? null : PackageName.tryParse(text.substring(0, at));
    Version version = at <= 0 ? null : Version.tryParse(text.substring(at + 1));
    if (name == null || version == null) {
      throw new UsageException("expected NAME@VERSION, found \"" + text + '"');
    }
    String reason = reason(arguments, !verb.equals("remove"));
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random);
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      // Owners change the version's status under the same lock: one of us sees what the other did.
      PackageRow.lock(connection, name);
      Target target = find(connection, name, version);
      switch (verb) {
        case "add" -> quarantine(connection, target, reason, arguments.option("advisory"));
        case "remove" -> {
          if (!release(connection, target)) {
            throw new CommandException(1, label(target) + " is not under quarantine");
          }
          connection.commit();
          out.println("released: " + label(target));
        }
        default -> {
          boolean changed = takedown(connection, target, reason);
          boolean gone = isGone(connection, target);
          connection.commit();
          if (gone) {
            remove(target, CommandLine.directory(arguments));
          }
          out.println((changed ? "taken down: " : "is already: ") + label(target));
        }
      }
    }
    return 0;
  }

  private static String reason(Arguments arguments, boolean needed) throws UsageException {
    String word = needed ? arguments.required(REASON) : "";
    if (needed && IndexLine.Reason.of(word) == null) {
      throw new UsageException(
          "--reason: expected broken, security, mistake, malware, legal or other");
    }
    return word;
  }

  private static Target find(Connection connection, PackageName name, Version version)
      throws CommandException, SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select p.id, v.id, p.name, v.version, v.archive
            from version v join package p on p.id = v.package_id
            where p.name = ? and v.precedence = ? and v.log_seq is not null for update of v""")) {
      select.setString(1, name.text());
      select.setString(2, version.precedence());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new CommandException(1, "there is no version " + name + '@' + version);
        }
        return new Target(
            row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getString(5));
      }
    }
  }

  private void quarantine(
      Connection connection, Target target, String reason, @Nullable String advisory)
      throws SQLException {
    boolean changed = QuarantineTable.put(connection, target.versionId(), reason, advisory, now());
    if (changed) {
      record(connection, target, true, reason, advisory);
      audit(connection, "quarantine", target);
    }
    connection.commit();
    out.println((changed ? "under quarantine: " : "is already: ") + label(target));
  }

  /** Ends a quarantine, in the caller's transaction; whether there was one. */
  boolean release(Connection connection, Target target) throws SQLException {
    boolean was = QuarantineTable.remove(connection, target.versionId());
    if (was) {
      record(connection, target, false, null, null);
      audit(connection, "unquarantine", target);
    }
    return was;
  }

  private static void record(
      Connection connection,
      Target target,
      boolean on,
      @Nullable String reason,
      @Nullable String advisory)
      throws SQLException {
    PendingRecords.add(
        connection,
        new LogRecord.Quarantine(
            PendingRecords.operator(), target.name(), target.version(), on, reason, advisory),
        null,
        target.versionId(),
        "advisories");
  }

  /**
   * Marks a version as gone, in the caller's transaction: the row and the log first, then {@link
   * #remove} the bytes. A crash in between leaves bytes that the same command takes away.
   *
   * @return whether it was there
   */
  boolean takedown(Connection connection, Target target, String reason) throws SQLException {
    boolean changed;
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            update version set tombstone = true, status_reason = ?, status_use = null
            where id = ? and not tombstone""")) {
      update.setString(1, reason);
      update.setLong(2, target.versionId());
      changed = update.executeUpdate() > 0;
    }
    if (changed) {
      PendingRecords.add(
          connection,
          new LogRecord.Status(
              PendingRecords.operator(),
              target.name(),
              target.version(),
              false,
              false,
              true,
              reason,
              null),
          target.packageId(),
          target.versionId(),
          "index");
      audit(connection, "takedown", target);
    }
    return changed;
  }

  /** Whether no other version has the archive; it is then marked as gone too. */
  static boolean isGone(Connection connection, Target target) throws SQLException {
    if (isUsedElsewhere(connection, target)) {
      return false;
    }
    try (PreparedStatement update =
        connection.prepareStatement("update blob set taken_down = true where hash = ?")) {
      update.setString(1, target.archive());
      update.executeUpdate();
    }
    return true;
  }

  /** Takes the bytes away. */
  static void remove(Target target, DataDirectory directory) throws IOException {
    Path blob =
        directory
            .tree()
            .resolve("blobs/sha256")
            .resolve(target.archive().substring(0, 2))
            .resolve(target.archive());
    AtomicFile.write(blob.resolveSibling(blob.getFileName() + StaticFiles.TAKEN_DOWN), new byte[0]);
    Files.deleteIfExists(blob);
  }

  private static boolean isUsedElsewhere(Connection connection, Target target) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select 1 from version where archive = ? and id <> ? and not tombstone limit 1")) {
      select.setString(1, target.archive());
      select.setLong(2, target.versionId());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private void audit(Connection connection, String action, Target target) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into audit_event (at, action, subject, detail, request_id)
            values (?, ?, ?, '{"operator":true}', '')""")) {
      insert.setTimestamp(1, Timestamp.from(now()));
      insert.setString(2, action);
      insert.setString(3, label(target));
      insert.executeUpdate();
    }
  }

  private static String label(Target target) {
    return target.name() + '@' + target.version();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}

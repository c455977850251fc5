package dev.raya.registry.ops;

import dev.raya.registry.packages.PackageRow;
import dev.raya.registry.publish.NameReview;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code names list | release NAME | refuse NAME}: what a person decides about packages that are
 * held because their names are near to others' (spec: security.md "Policies"). Works beside a
 * running server, which logs and signs it within a second; doing it again does no harm.
 */
final class NamesCommand {
  private final PrintStream out;
  private final SecureRandom random;
  private final InstantSource clock;
  private final ModerationCommand moderation;

  NamesCommand(PrintStream out, SecureRandom random, InstantSource clock) {
    this.out = out;
    this.random = random;
    this.clock = clock;
    this.moderation = new ModerationCommand(out, random, clock);
  }

  int run(List<String> words, Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException, SQLException {
    String verb = words.size() > 1 ? words.get(1) : "";
    boolean lists = verb.equals("list") && words.size() == 2;
    if (!lists && !(List.of("release", "refuse").contains(verb) && words.size() == 3)) {
      throw new UsageException("expected names list, names release NAME or names refuse NAME");
    }
    String reason = "";
    if (verb.equals("refuse")) {
      reason = arguments.required("reason");
      if (IndexLine.Reason.of(reason) == null) {
        throw new UsageException(
            "--reason: expected broken, security, mistake, malware, legal or other");
      }
    }
    try (RegistryDatabase database = RegistryDatabase.open(arguments, random);
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      if (lists) {
        list(connection);
        return 0;
      }
      PackageName name = PackageName.tryParse(words.get(2));
      if (name == null) {
        throw new UsageException("expected a package's name, found \"" + words.get(2) + '"');
      }
      // A publish of the name that is under way ends first, and what it stored is decided too.
      PackageRow.lock(connection, name);
      if (verb.equals("release")) {
        release(connection, name);
      } else {
        refuse(connection, name, reason, CommandLine.directory(arguments));
      }
    }
    return 0;
  }

  private void list(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select p.name, r.near, r.since, (select string_agg(a.name, ', ' order by a.name)
                  from owner o join account a on a.id = o.account_id where o.package_id = p.id)
                from name_review r join package p on p.id = r.package_id
                where r.decision is null order by r.since, p.name""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        out.println(
            rows.getString(1)
                + "  near to "
                + rows.getString(2)
                + "  since "
                + rows.getTimestamp(3).toInstant()
                + "  by "
                + rows.getString(4));
      }
    }
  }

  private void release(Connection connection, PackageName name)
      throws CommandException, SQLException {
    // Said again, it lifts nothing that somebody has put up since.
    boolean first = isUndecided(connection, name);
    for (ModerationCommand.Target target : decide(connection, name, "released")) {
      if (first && isHeldForItsName(connection, target)) {
        moderation.release(connection, target);
      }
    }
    connection.commit();
    out.println("released: " + name);
  }

  private static boolean isUndecided(Connection connection, PackageName name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select 1 from name_review r join package p on p.id = r.package_id
            where p.name = ? and r.decision is null for update of r""")) {
      select.setString(1, name.text());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Whether nothing else holds a version back: a quarantine for another reason stays. */
  private static boolean isHeldForItsName(Connection connection, ModerationCommand.Target target)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select 1 from quarantine where version_id = ? and reason = ? and advisory is null""")) {
      select.setLong(1, target.versionId());
      select.setString(2, NameReview.REASON);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private void refuse(
      Connection connection, PackageName name, String reason, DataDirectory directory)
      throws CommandException, IOException, SQLException {
    List<ModerationCommand.Target> gone = new ArrayList<>();
    for (ModerationCommand.Target target : decide(connection, name, "refused")) {
      moderation.takedown(connection, target, reason);
      if (ModerationCommand.isGone(connection, target)) {
        gone.add(target);
      }
    }
    connection.commit();
    for (ModerationCommand.Target target : gone) {
      ModerationCommand.remove(target, directory);
    }
    out.println("refused: " + name + "; its versions are taken down");
  }

  /**
   * Writes the decision; the versions that it is about, all of the package's: also one that has no
   * number in the log yet, whose record stands before ours.
   */
  private List<ModerationCommand.Target> decide(
      Connection connection, PackageName name, String decision)
      throws CommandException, SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            update name_review r set decision = ?, decided_at = coalesce(decided_at, ?)
            from package p where p.id = r.package_id and p.name = ?
              and (r.decision is null or r.decision = ?)""")) {
      update.setString(1, decision);
      update.setTimestamp(2, Timestamp.from(clock.instant()));
      update.setString(3, name.text());
      update.setString(4, decision);
      if (update.executeUpdate() == 0) {
        throw new CommandException(1, name + " is not held for its name");
      }
    }
    List<ModerationCommand.Target> targets = new ArrayList<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select p.id, v.id, p.name, v.version, v.archive
            from version v join package p on p.id = v.package_id
            where p.name = ? order by v.id for update of v""")) {
      select.setString(1, name.text());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          targets.add(
              new ModerationCommand.Target(
                  rows.getLong(1),
                  rows.getLong(2),
                  rows.getString(3),
                  rows.getString(4),
                  rows.getString(5)));
        }
      }
    }
    return targets;
  }
}

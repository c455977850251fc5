package dev.raya.registry.log;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Chains audit events by hash, so that none can be changed or taken out unseen. Done by the leader
 * and not by whoever inserts, so that inserts do not wait for each other.
 */
public final class AuditChain {
  private static final String START = "0".repeat(64);

  /**
   * Numbers are given before a transaction commits, so a later commit may bring a smaller one; none
   * stays open while this many others come and go.
   */
  private static final int WINDOW = 10_000;

  private static final String EVENT =
      """
      e.id, extract(epoch from e.at)::text, coalesce(e.account_id, 0), coalesce(e.token_id, 0),
      e.action, e.subject, e.detail, e.request_id""";

  private AuditChain() {}

  /** Adds the events that are not in the chain yet. */
  static void extend(Connection connection) throws SQLException {
    long seq = -1;
    String hash = START;
    long newest = 0;
    try (PreparedStatement last =
            connection.prepareStatement(
                "select seq, hash, (select max(event_id) from audit_chain) from audit_chain"
                    + " order by seq desc limit 1");
        ResultSet row = last.executeQuery()) {
      if (row.next()) {
        seq = row.getLong(1);
        hash = row.getString(2);
        newest = row.getLong(3);
      }
    }
    try (PreparedStatement select =
            connection.prepareStatement(
                "select "
                    + EVENT
                    + " from audit_event e left join audit_chain c on c.event_id = e.id"
                    + " where e.id > ? and c.event_id is null order by e.id");
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into audit_chain (seq, event_id, hash) values (?, ?, ?)")) {
      select.setLong(1, newest - WINDOW);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          hash = next(hash, rows);
          insert.setLong(1, ++seq);
          insert.setLong(2, rows.getLong(1));
          insert.setString(3, hash);
          insert.executeUpdate();
        }
      }
    }
  }

  /**
   * Checks the whole chain.
   *
   * @return the first sequence number that does not follow from its event, or −1 if all do
   */
  public static long firstBroken(Connection connection) throws SQLException {
    String hash = START;
    long expected = 0;
    try (PreparedStatement select =
            connection.prepareStatement(
                "select "
                    + EVENT
                    + ", c.seq, c.hash from audit_chain c left join audit_event e"
                    + " on e.id = c.event_id order by c.seq");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        hash = next(hash, rows);
        if (rows.getLong(9) != expected || !hash.equals(rows.getString(10))) {
          return expected;
        }
        expected++;
      }
    }
    return -1;
  }

  private static String next(String former, ResultSet event) throws SQLException {
    StringBuilder text = new StringBuilder(former);
    for (int column = 1; column <= 8; column++) {
      String value = String.valueOf(event.getString(column));
      text.append('\n').append(value.length()).append(' ').append(value);
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
  }
}

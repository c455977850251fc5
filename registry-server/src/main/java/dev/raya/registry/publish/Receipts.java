package dev.raya.registry.publish;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.LogLeader;
import dev.raya.registry.log.RecordWait;
import dev.raya.registry.log.TransparencyLog;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogProof;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The answers to publishes that are in the log: made from what is stored, so a retry gets the same.
 */
@ApplicationScoped
class Receipts {
  private static final String WHAT = "the version";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final AgroalDataSource database;
  private final LogLeader leader;
  private final RecordWait records;
  private final TransparencyLog log;

  @Inject
  Receipts(AgroalDataSource database, LogLeader leader, RecordWait records, TransparencyLog log) {
    this.log = log;
    this.database = database;
    this.leader = leader;
    this.records = records;
  }

  /**
   * Waits until a record has its number.
   *
   * @throws RegistryException with {@link Problem#BUSY} if that takes too long; the version is
   *     committed then, and publishing again only waits
   */
  void await(LogLeader.Ticket ticket) throws RegistryException {
    records.await(ticket, WHAT);
  }

  /** The answer to the publish that made a version. */
  Published first(long versionId) {
    return read(versionId, 201)
        .orElseThrow(() -> new IllegalStateException("the version was numbered a moment ago"));
  }

  /**
   * The answer to a repeated publish: that of the first one, also while that one still waits.
   *
   * @throws RegistryException with {@link Problem#BUSY} if the version gets no number for long
   */
  Published again(long versionId) throws RegistryException {
    leader.wake();
    long end = System.nanoTime() + PATIENCE.toNanos();
    Optional<Published> receipt = read(versionId, 200);
    while (receipt.isEmpty()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw RecordWait.unnumbered(WHAT);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      receipt = read(versionId, 200);
    }
    return receipt.get();
  }

  private Optional<Published> read(long versionId, int status) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                """
                select l.seq, l.record, p.name, v.version, v.archive, v.checks
                from version v join package p on p.id = v.package_id
                join log_leaf l on l.seq = v.log_seq where v.id = ?""")) {
      select.setLong(1, versionId);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        Optional<LogProof> proof = log.prove(row.getLong(1));
        if (proof.isEmpty()) {
          return Optional.empty();
        }
        String name = row.getString(3);
        String version = row.getString(4);
        Json.Obj body =
            Json.object()
                .put("schema", Published.SCHEMA)
                .put("name", name)
                .put("version", version)
                .put("sha256", row.getString(5))
                .put("log", row.getLong(1))
                .put("leaf", JsonReader.read(row.getBytes(2)))
                .put("proof", proof.get().text())
                .put("checks", JsonReader.read(row.getString(6)))
                .build();
        return Optional.of(new Published(body, "/packages/" + name + '/' + version, status));
      }
    } catch (SQLException | JsonException | SigningException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

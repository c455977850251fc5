package dev.raya.registry.ops;

import dev.raya.cache.blob.Blob;
import dev.raya.cache.blob.BlobException;
import dev.raya.cache.blob.BlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.registry.log.AuditChain;
import dev.raya.registry.packages.IndexLines;
import dev.raya.registry.packages.PackageIndex;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.tile.TileSource;
import dev.raya.tuf.TufException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Whether database, blobs and static tree agree (spec: registry.md 4, verify): every blob that is
 * named is there with its digest, the log has no gap and says what the version rows say, every
 * index line follows from its record, every index document is the one the log gives, the log's
 * tiles are those of the records, and TUF names what is served.
 */
final class Consistency {
  /** Enough to see what happened; the rest is more of the same. */
  private static final int MAX_FAULTS = 1_000;

  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS = 200_000_000;

  private final Connection connection;
  private final BlobStore blobs;
  private final StaticTree tree;
  private final TileSource tiles;
  private final Instant now;
  private final List<String> faults = new ArrayList<>();

  /**
   * What was found.
   *
   * @param faults what disagrees
   * @param versions how many versions were looked at
   * @param leaves how many log records
   * @param blobs how many blobs
   * @param documents how many index documents
   */
  record Findings(List<String> faults, long versions, long leaves, long blobs, long documents) {
    Findings {
      faults = List.copyOf(faults);
    }
  }

  Consistency(
      Connection connection, BlobStore blobs, StaticTree tree, TileSource tiles, Instant now) {
    this.connection = connection;
    this.blobs = blobs;
    this.tree = tree;
    this.tiles = tiles;
    this.now = now;
  }

  Findings check() throws SQLException, IOException {
    // One snapshot of the database, even beside a running server.
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    long leaves = log();
    long versions = versions();
    long count = blobs();
    long broken = AuditChain.firstBroken(connection);
    if (broken >= 0) {
      fault("audit event " + broken + " of the chain was changed");
    }
    tiles(leaves);
    long documents = documents();
    connection.rollback();
    return new Findings(faults, versions, leaves, count, documents);
  }

  private void fault(String what) {
    if (faults.size() < MAX_FAULTS) {
      faults.add(what);
    }
  }

  private long log() throws SQLException {
    long expected = 0;
    String time = "";
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select l.seq, l.record, l.leaf_hash, l.index_line, v.metadata, v.archive, v.tree,
                  v.size, v.version
                from log_leaf l left join version v on v.id = l.version_id order by l.seq""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long seq = rows.getLong(1);
        if (seq != expected) {
          fault("the log has no record " + expected);
          expected = seq;
        }
        expected++;
        byte[] bytes = rows.getBytes(2);
        LogRecord record;
        try {
          record = LogRecordReader.read(bytes);
        } catch (JsonException e) {
          fault("log record " + seq + ": " + e.getMessage());
          continue;
        }
        if (!LogRecord.leafHash(bytes).hex().equals(rows.getString(3))) {
          fault("log record " + seq + " has another leaf hash");
        }
        if (record.header().time().compareTo(time) < 0) {
          fault("log record " + seq + " is older than the one before");
        }
        time = record.header().time();
        compare(seq, record, rows);
      }
    }
    return expected;
  }

  /**
   * The log's files: sound in themselves, and the records of the database. A running server may
   * have gone on, or not have come so far yet.
   */
  private void tiles(long leaves) throws SQLException, IOException {
    Optional<byte[]> policy = tree.read("trust/log.policy");
    if (policy.isEmpty()) {
      fault("trust/log.policy is missing");
      return;
    }
    try (PreparedStatement select =
            connection.prepareStatement("select record from log_leaf order by seq");
        ResultSet rows = select.executeQuery()) {
      new LogCheck(tiles, LogCheck.policy(policy.get()), this::fault)
          .check((index, record) -> same(index, record, rows, leaves));
    } catch (SigningException e) {
      fault("trust/log.policy: " + e.getMessage());
    }
  }

  private void same(long index, byte[] record, ResultSet rows, long leaves) {
    try {
      if (index < leaves && (!rows.next() || !Arrays.equals(rows.getBytes(1), record))) {
        fault("log entry " + index + " is not the record of the database");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void compare(long seq, LogRecord record, ResultSet row) throws SQLException {
    PackageMetadata metadata = metadata(row.getString(5));
    if (record instanceof LogRecord.Publish publish) {
      if (metadata == null
          || !publish.archive().hex().equals(row.getString(6))
          || !publish.tree().hex().equals(row.getString(7))
          || publish.size() != row.getLong(8)
          || !publish.version().equals(row.getString(9))) {
        fault("log record " + seq + " and its version row disagree");
        return;
      }
    }
    String line = IndexLines.of(seq, record, metadata).orElse(null);
    if (!Objects.equals(line, row.getString(4))) {
      fault("the index line of log record " + seq + " does not follow from it");
    }
  }

  private static @Nullable PackageMetadata metadata(@Nullable String text) {
    try {
      return text == null ? null : PackageMetadataCodec.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      return null;
    }
  }

  private long versions() throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select count(*), count(*) filter (where v.log_seq is not null and l.seq is null)
                from version v left join log_leaf l on l.seq = v.log_seq and l.version_id = v.id""");
        ResultSet row = select.executeQuery()) {
      row.next();
      if (row.getLong(2) > 0) {
        fault(row.getLong(2) + " versions name a log record that is not theirs");
      }
      return row.getLong(1);
    }
  }

  private long blobs() throws SQLException, IOException {
    long count = 0;
    try (PreparedStatement select =
            connection.prepareStatement(
                """
                select b.hash, b.size, b.refs,
                  (select count(*) from version_blob v where v.hash = b.hash)
                  + (select count(*) from stage_blob s where s.hash = b.hash)
                from blob b where not b.taken_down and (b.refs <> 0
                  or exists (select 1 from version_blob v where v.hash = b.hash)
                  or exists (select 1 from stage_blob s where s.hash = b.hash))
                order by b.hash""");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        count++;
        Digest digest = new Digest(rows.getString(1));
        Optional<Blob> found = blobs.find(digest);
        if (found.isEmpty()) {
          fault("blob " + digest + " is missing");
        } else if (found.get().size() != rows.getLong(2)) {
          fault(
              "blob "
                  + digest
                  + " has "
                  + found.get().size()
                  + " bytes, expected "
                  + rows.getLong(2));
        } else if (!digest.equals(digest(digest))) {
          fault("blob " + digest + " has other bytes");
        }
        if (rows.getLong(3) != rows.getLong(4)) {
          fault("blob " + digest + " counts " + rows.getLong(3) + " uses, has " + rows.getLong(4));
        }
      }
    }
    return count;
  }

  private Digest digest(Digest digest) throws IOException {
    try (InputStream in = blobs.open(digest)) {
      return Digest.ofStream(in);
    } catch (BlobException.Absent e) {
      // Removed while we looked: as good as other bytes.
      return Digest.of(new byte[0]);
    }
  }

  /**
   * Compares every index document, in a fresh look at the database each: a running server may have
   * published meanwhile, and what disagrees once may agree at the second look.
   */
  private long documents() throws SQLException, IOException {
    // Listed first: whatever was listed has its package in the database by now.
    List<String> paths = tree.list("index");
    Map<PackageName, Long> packages = packages();
    Set<String> known = new HashSet<>();
    for (Map.Entry<PackageName, Long> entry : packages.entrySet()) {
      known.add("index/" + entry.getKey().indexPath());
      for (int look = 1; !agrees(entry.getKey(), entry.getValue(), look == LOOKS); look++) {
        LockSupport.parkNanos(BETWEEN_LOOKS);
      }
    }
    metadata(packages);
    for (String path : paths) {
      check(path, known);
    }
    return packages.size();
  }

  /** TUF metadata, as a client sees it: every role, and the targets it names. */
  private void metadata(Map<PackageName, Long> packages) throws SQLException, IOException {
    try (TrustCheck check = new TrustCheck(tree, now)) {
      check.refresh();
      for (String path : check.trustFiles()) {
        check.fault(path).ifPresent(this::fault);
      }
      for (Map.Entry<PackageName, Long> entry : packages.entrySet()) {
        String path = "index/" + entry.getKey().indexPath();
        Optional<String> found = check.fault(path);
        for (int look = 1; found.isPresent() && look < LOOKS; look++) {
          if (waits(entry.getValue())) {
            found = Optional.empty();
          } else {
            LockSupport.parkNanos(BETWEEN_LOOKS);
            check.refresh();
            found = check.fault(path);
          }
        }
        found.ifPresent(this::fault);
      }
    } catch (TufException e) {
      fault("tuf: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<PackageName, Long> packages() throws SQLException {
    connection.rollback();
    Map<PackageName, Long> packages = new LinkedHashMap<>();
    try (PreparedStatement select =
            connection.prepareStatement("select id, name from package order by id");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        packages.put(new PackageName(rows.getString(2)), rows.getLong(1));
      }
    }
    return packages;
  }

  /**
   * Whether a document is as the log gives it, or waits for the outbox; or this is the last look.
   */
  private boolean agrees(PackageName name, long id, boolean last) throws SQLException, IOException {
    if (waits(id)) {
      return true;
    }
    PackageIndex document = PackageIndex.of(connection, id, name);
    boolean agree =
        same(document.path(), document.bytes(), last)
            & same(document.digestPath(), document.bytes(), last);
    return agree || last;
  }

  /** Whether a package's document is still to be written. */
  private boolean waits(long id) throws SQLException {
    connection.rollback();
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            select exists (select 1 from outbox where package_id = ?)
              or not exists (select 1 from log_leaf where package_id = ?)""")) {
      select.setLong(1, id);
      select.setLong(2, id);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private boolean same(String path, byte[] expected, boolean report) throws IOException {
    Optional<byte[]> found = tree.read(path);
    boolean same = found.isPresent() && Arrays.equals(found.get(), expected);
    if (!same && report) {
      fault(path + (found.isEmpty() ? " is missing" : " is not the document that the log gives"));
    }
    return same;
  }

  /** A file of the index is the copy of a package's document, or one of its forms by digest. */
  private void check(String path, Set<String> known) throws IOException {
    if (path.equals("index/config.json") || known.contains(path)) {
      return;
    }
    int file = path.lastIndexOf('/') + 1;
    int dot = file + 64;
    boolean byDigest =
        path.length() > dot
            && path.charAt(dot) == '.'
            && Digest.isHex(path.substring(file, dot))
            && known.contains(path.substring(0, file) + path.substring(dot + 1));
    if (!byDigest) {
      fault(path + " belongs to no package");
      return;
    }
    Optional<byte[]> bytes = tree.read(path);
    if (bytes.isPresent() && !Digest.of(bytes.get()).hex().equals(path.substring(file, dot))) {
      fault(path + " has other bytes than its name says");
    }
  }
}

package dev.raya.registry.batch;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.name.PackageName;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What batches are made of, kept in memory up to a bound: index documents as long as their files do
 * not change, and log records and small blobs, which never do. Thread-safe.
 */
@ApplicationScoped
public class BatchMemory {
  private static final long MAX_BYTES = 64 << 20;

  private final StaticTree tree;
  private final DirectoryBlobStore blobs;
  private final AgroalDataSource database;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}; the one used last is at the end. */
  private final Map<Object, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);

  /** Guarded by {@link #lock}. */
  private long bytes;

  @Inject
  BatchMemory(StaticTree tree, DirectoryBlobStore blobs, AgroalDataSource database) {
    this.tree = tree;
    this.blobs = blobs;
    this.database = database;
  }

  /** What is kept under a key: a name, the number of a record, or a digest. */
  private sealed interface Kept {
    byte[] bytes();
  }

  /** A record of the log or a blob. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Constant(byte[] bytes) implements Kept {}

  /**
   * An index document.
   *
   * @param bytes the document; not copied, not to be changed
   * @param digest its digest
   * @param state of the file it was read from
   * @param parsed what it says
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Document(byte[] bytes, Digest digest, StaticTree.FileState state, IndexDocument parsed)
      implements Kept {}

  /** The document of a package as its file is now, or null if there is none. */
  @Nullable Document document(PackageName name) throws IOException {
    String path = "index/" + name.indexPath();
    Optional<StaticTree.FileState> state = tree.state(path);
    if (state.isEmpty()) {
      return null;
    }
    if (recall(name) instanceof Document document && document.state().equals(state.get())) {
      return document;
    }
    Optional<byte[]> read = tree.read(path);
    if (read.isEmpty()) {
      return null;
    }
    byte[] document = read.get();
    Document fresh;
    try {
      fresh =
          new Document(
              document, Digest.of(document), state.get(), IndexDocumentReader.read(name, document));
    } catch (IndexException e) {
      throw new IllegalStateException("the static tree holds a document we did not write", e);
    }
    keep(name, fresh);
    return fresh;
  }

  /**
   * Records of the log; one that there is not is missing. Those that are not in memory are read by
   * one statement.
   */
  Map<Long, byte[]> records(List<Long> numbers) throws SQLException {
    Map<Long, byte[]> found = new LinkedHashMap<>();
    List<Long> missing = new ArrayList<>();
    for (Long number : numbers) {
      Kept record = recall(number);
      if (record == null) {
        missing.add(number);
      } else {
        found.put(number, record.bytes());
      }
    }
    if (missing.isEmpty()) {
      return found;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select seq, record from log_leaf where seq = any(?)")) {
      select.setArray(1, connection.createArrayOf("bigint", missing.toArray()));
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          byte[] record = row.getBytes(2);
          found.put(row.getLong(1), record);
          keep(row.getLong(1), new Constant(record));
        }
      }
    }
    return found;
  }

  /** A blob, or null if there is none, or it is too large for a batch. */
  byte @Nullable [] blob(Digest digest) throws IOException {
    Kept known = recall(digest);
    if (known != null) {
      return known.bytes();
    }
    if (blobs.find(digest).filter(found -> found.size() <= BatchRequest.MAX_BLOB).isEmpty()) {
      return null;
    }
    byte[] blob;
    try (InputStream in = blobs.open(digest)) {
      blob = in.readAllBytes();
    }
    keep(digest, new Constant(blob));
    return blob;
  }

  private @Nullable Kept recall(Object key) {
    synchronized (lock) {
      return kept.get(key);
    }
  }

  private void keep(Object key, Kept value) {
    synchronized (lock) {
      Kept former = kept.put(key, value);
      bytes += value.bytes().length - (former == null ? 0 : former.bytes().length);
      Iterator<Kept> eldest = kept.values().iterator();
      while (bytes > MAX_BYTES && eldest.hasNext()) {
        bytes -= eldest.next().bytes().length;
        eldest.remove();
      }
    }
  }
}

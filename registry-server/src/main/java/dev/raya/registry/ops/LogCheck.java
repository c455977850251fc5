package dev.raya.registry.ops;

import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TilePath;
import dev.raya.signing.tile.TileSource;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TreeHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks a log from its files alone: the checkpoint satisfies the policy, the entries are records
 * whose time never goes back and whose {@code previous} is right, and the tiles are exactly those
 * that the entries make.
 */
final class LogCheck {
  private final TileSource source;
  private final LogPolicy policy;
  private final Consumer<String> fault;
  private final Map<String, Long> lastPublish = new HashMap<>();
  private String time = "";

  /** Is given every entry in order. */
  interface Visitor {
    void entry(long index, byte[] record);
  }

  LogCheck(TileSource source, LogPolicy policy, Consumer<String> fault) {
    this.source = source;
    this.policy = policy;
    this.fault = fault;
  }

  /**
   * Checks.
   *
   * @return how many entries the checkpoint covers
   */
  long check(Visitor visitor) throws IOException {
    Optional<byte[]> note = source.read(TileLog.CHECKPOINT);
    if (note.isEmpty()) {
      fault.accept("log/checkpoint is missing");
      return 0;
    }
    Checkpoint checkpoint;
    try {
      checkpoint = policy.verify(note.get());
    } catch (SigningException e) {
      fault.accept("log/checkpoint: " + e.getMessage());
      return 0;
    }
    try {
      rebuild(checkpoint, visitor);
    } catch (SigningException e) {
      fault.accept(String.valueOf(e.getMessage()));
    }
    return checkpoint.size();
  }

  private void rebuild(Checkpoint checkpoint, Visitor visitor)
      throws SigningException, IOException {
    TileLog log = TileLog.open(new Comparing(), TreeHead.EMPTY);
    while (log.size() < checkpoint.size()) {
      long first = log.size();
      int width = (int) Math.min(TilePath.FULL, checkpoint.size() - first);
      List<byte[]> entries = TileLog.entries(source, first / TilePath.FULL, width);
      for (int i = 0; i < width; i++) {
        record(first + i, entries.get(i));
        visitor.entry(first + i, entries.get(i));
      }
      log.append(entries);
    }
    TreeHead head = log.head();
    if (!head.root().equals(checkpoint.root())) {
      fault.accept(
          "the entries of the log lead to the root "
              + head.root()
              + ", the checkpoint says "
              + checkpoint.root());
    }
  }

  private void record(long index, byte[] bytes) {
    LogRecord record;
    try {
      record = LogRecordReader.read(bytes);
    } catch (JsonException e) {
      fault.accept("log entry " + index + ": " + e.getMessage());
      return;
    }
    if (record.header().time().compareTo(time) < 0) {
      fault.accept("log entry " + index + " is older than the one before");
    }
    time = record.header().time();
    if (record instanceof LogRecord.Publish publish) {
      @Nullable Long previous = lastPublish.put(publish.name(), index);
      if (previous == null ? publish.previous() != null : !previous.equals(publish.previous())) {
        fault.accept("log entry " + index + " names another former publish of " + publish.name());
      }
    }
  }

  /** Takes the tiles that the entries make, and compares them with those that are served. */
  private final class Comparing implements TileStore {
    @Override
    public Optional<byte[]> read(String path) {
      return Optional.empty();
    }

    @Override
    public void write(Map<String, byte[]> files) throws IOException {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Optional<byte[]> served = source.read(file.getKey());
        if (served.isEmpty()) {
          fault.accept("log/" + file.getKey() + " is missing");
        } else if (!Arrays.equals(served.get(), file.getValue())) {
          fault.accept("log/" + file.getKey() + " is not what the entries make");
        }
      }
    }

    @Override
    public void deleteFolder(String path) {
      throw new IllegalStateException("nothing is published here: " + path);
    }
  }

  /** Reads a policy's text. */
  static LogPolicy policy(byte[] text) throws SigningException {
    return LogPolicy.parse(new String(text, StandardCharsets.UTF_8));
  }
}

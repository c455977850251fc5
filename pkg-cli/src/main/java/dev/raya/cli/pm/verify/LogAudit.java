package dev.raya.cli.pm.verify;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TilePath;
import dev.raya.signing.tile.TileSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reads every record of a log and makes the root from them anew, so that what is shown is all there
 * is: a record that is left out or changed leads to another root than the one that was signed.
 */
public final class LogAudit {
  private static final String FORKED = "RAYA-SEC-006";

  private final RegistryLog log;
  private final TileSource files;

  /** Takes each record in the order of the log. */
  @FunctionalInterface
  public interface Reader {
    /** A record; believed only once the audit has ended. */
    void record(long index, byte[] record);
  }

  /** A complete subtree at the right edge. */
  private record Subtree(int height, Digest root) {}

  /**
   * Reads a log.
   *
   * @param files the log's own files
   */
  public LogAudit(RegistryLog log, TileSource files) {
    this.log = log;
    this.files = files;
  }

  /**
   * Reads all of it.
   *
   * @return the checkpoint that the records lead to; it extends the newest one known here
   * @throws CommandException RAYA-SEC-005, 006 or 010 if the records lead elsewhere
   * @throws InterruptedException if the thread was interrupted
   */
  public Checkpoint read(Reader reader) throws CommandException, InterruptedException {
    try {
      byte[] note =
          files
              .read(TileLog.CHECKPOINT)
              .orElseThrow(() -> new CommandException("RAYA-SEC-005", "the log has no checkpoint"));
      Checkpoint checkpoint = log.believed(new String(note, StandardCharsets.UTF_8));
      Deque<Subtree> edge = new ArrayDeque<>();
      long index = 0;
      while (index < checkpoint.size()) {
        int width = (int) Math.min(TilePath.FULL, checkpoint.size() - index);
        for (byte[] record : TileLog.entries(files, index / TilePath.FULL, width)) {
          push(edge, MerkleProofs.leafHash(record));
          reader.record(index, record);
          index++;
        }
      }
      Digest found = root(edge);
      if (!found.equals(checkpoint.root())) {
        throw new CommandException(
            FORKED,
            "the records of the log " + log.origin() + " are not those that it signed",
            "expected: root " + checkpoint.root() + " of size " + checkpoint.size(),
            "found: root " + found);
      }
      return checkpoint;
    } catch (SigningException refused) {
      throw Failure.of(refused);
    } catch (RegistryLog.UnansweredException unanswered) {
      throw unanswered.failure();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static void push(Deque<Subtree> edge, Digest leaf) {
    Subtree last = new Subtree(0, leaf);
    while (!edge.isEmpty() && edge.peek().height() == last.height()) {
      last = new Subtree(last.height() + 1, MerkleProofs.nodeHash(edge.pop().root(), last.root()));
    }
    edge.push(last);
  }

  private static Digest root(Deque<Subtree> edge) {
    Digest root = null;
    for (Subtree subtree : edge) {
      root = root == null ? subtree.root() : MerkleProofs.nodeHash(subtree.root(), root);
    }
    return root == null ? Digest.of(new byte[0]) : root;
  }
}

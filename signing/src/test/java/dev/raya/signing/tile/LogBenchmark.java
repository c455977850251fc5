package dev.raya.signing.tile;

import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast a log grows and how fast a long one is opened: {@code LogBenchmark FOLDER ENTRIES}. The
 * bulk loader is the writer itself, with larger batches; every file is forced to disk.
 */
public final class LogBenchmark {
  private static final int LOADED_AT_ONCE = 1 << 16;
  private static final int BATCH = 64;
  private static final int BATCHES = 200;
  private static final String ORIGIN = "log.example";

  private final DirectoryTileStore store;
  private final NoteSigner signer = NoteSigner.log(ORIGIN, SigningKey.ofSeed(new byte[32]));
  private final PrintStream out;

  private LogBenchmark(Path folder, PrintStream out) {
    this.store = new DirectoryTileStore(folder);
    this.out = out;
  }

  /** Runs it and prints the figures. */
  public static void main(String[] arguments) throws Exception {
    new LogBenchmark(
            Path.of(arguments[0]), new PrintStream(System.out, true, StandardCharsets.UTF_8))
        .run(Long.parseLong(arguments[1]));
  }

  private void run(long entries) throws Exception {
    TileLog log = TileLog.open(store, head());
    long began = System.nanoTime();
    long before = log.size();
    while (log.size() < entries) {
      log.append(entries(log.size(), Math.min(entries, log.size() + LOADED_AT_ONCE)));
      publish(log);
    }
    report("bulk load, entries a second", (log.size() - before) / seconds(began));

    began = System.nanoTime();
    log = TileLog.open(store, head());
    report("restart of " + log.size() + " entries, ms", seconds(began) * 1000);

    began = System.nanoTime();
    for (int i = 0; i < BATCHES; i++) {
      log.append(entries(log.size(), log.size() + BATCH));
      publish(log);
    }
    report(
        "batches of 64, each with a checkpoint, entries a second",
        BATCHES * BATCH / seconds(began));

    LogPolicy policy = LogPolicy.parse("log " + signer.verifier().text() + "\nquorum none\n");
    String note = note(log);
    TileTree tree = new TileTree(store, log.size());
    began = System.nanoTime();
    int proofs = 1_000;
    for (int i = 0; i < proofs; i++) {
      long index = log.size() / proofs * i;
      LogProof proof = new LogProof(index, tree.inclusion(index), note);
      if (i % 100 == 0) {
        proof.verify(MerkleProofs.leafHash(entry(index)), policy);
      }
    }
    report("proofs from cold tiles, a second", proofs / seconds(began));
  }

  private TreeHead head() throws Exception {
    byte[] note = store.read(TileLog.CHECKPOINT).orElse(null);
    if (note == null) {
      return TreeHead.EMPTY;
    }
    Checkpoint checkpoint = Checkpoint.verified(note, List.of(signer.verifier()));
    return new TreeHead(checkpoint.size(), checkpoint.root());
  }

  private void publish(TileLog log) throws Exception {
    log.publish(note(log));
  }

  private String note(TileLog log) {
    TreeHead head = log.head();
    String text = new Checkpoint(ORIGIN, head.size(), head.root(), List.of()).text();
    return new SignedNote(text, List.of(signer.sign(text, Instant.EPOCH))).document();
  }

  private static List<byte[]> entries(long from, long to) {
    List<byte[]> entries = new ArrayList<>();
    for (long i = from; i < to; i++) {
      entries.add(entry(i));
    }
    return entries;
  }

  /** About as long as a short record. */
  private static byte[] entry(long index) {
    return ("{\"actor\":\"registry\",\"name\":\"package-"
            + index
            + "\",\"type\":\"status\",\"v\":1}")
        .repeat(3)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  private void report(String what, double figure) {
    out.printf(Locale.ROOT, "%-60s %,.1f%n", what, figure);
  }
}

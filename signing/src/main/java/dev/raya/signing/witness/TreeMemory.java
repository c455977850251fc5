package dev.raya.signing.witness;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TreeHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest tree of each log that somebody signed, kept so that the next one is signed only if it
 * begins with it. Not thread-safe; one owner a store.
 */
public final class TreeMemory {
  private final TileStore store;

  /** Takes a store that holds nothing else. */
  public TreeMemory(TileStore store) {
    this.store = store;
  }

  /**
   * The tree of a log that was advanced to last.
   *
   * @throws SigningException if what is kept is damaged
   * @throws IOException if it cannot be read
   */
  public Optional<TreeHead> last(String origin) throws SigningException, IOException {
    Optional<byte[]> kept = store.read(file(origin));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Checkpoint checkpoint = Checkpoint.parse(new String(kept.get(), StandardCharsets.UTF_8));
    if (!checkpoint.origin().equals(origin)) {
      throw refused("the file of " + origin + " is that of " + checkpoint.origin());
    }
    return Optional.of(new TreeHead(checkpoint.size(), checkpoint.root()));
  }

  /**
   * Goes on to a newer tree; it is on disk when this returns.
   *
   * @param proof that it begins with the one before; empty for the first tree of a log
   * @throws SigningException with {@link Code#NOT_IN_LOG} if that is not shown
   * @throws IOException if it cannot be written
   */
  public void advance(String origin, TreeHead next, List<Digest> proof)
      throws SigningException, IOException {
    TreeHead last = last(origin).orElse(TreeHead.EMPTY);
    if (!MerkleProofs.consistent(last.size(), next.size(), last.root(), next.root(), proof)) {
      throw refused(
          "the tree of size "
              + next.size()
              + " of "
              + origin
              + " is not shown to begin with the one of size "
              + last.size());
    }
    Checkpoint kept = new Checkpoint(origin, next.size(), next.root(), List.of());
    store.write(Map.of(file(origin), kept.text().getBytes(StandardCharsets.UTF_8)));
  }

  private static String file(String origin) {
    return Digest.of(origin.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "log: " + why);
  }
}

package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries that this process uses, and that no collection of any process removes meanwhile.
 * Whoever wants to rely on entries holds them first and looks for them then. A hold ends with
 * {@link #close}, and with the process, however it ends.
 *
 * <p>Holding waits for nobody, but for a collection that has just announced to remove one of these
 * very entries: it ends first, and what it removed is then seen to be missing.
 *
 * <p>For one thread.
 */
public final class EntryHold implements AutoCloseable {
  private final RayaHome home;
  private final Set<Digest> held = new TreeSet<>();
  private @Nullable ClaimFile claim;

  /** Holds nothing yet, and writes nothing. */
  public EntryHold(RayaHome home) {
    this.home = home;
  }

  /**
   * Holds further entries, whether or not they are there.
   *
   * @throws IOException if that cannot be written
   */
  public void add(Collection<Digest> entries) throws IOException {
    if (held.containsAll(entries)) {
      return;
    }
    held.addAll(entries);
    ClaimFile open = claim;
    if (open == null) {
      open = ClaimFile.make(home, ClaimFile.Kind.HOLD);
      claim = open;
    }
    // Either the collection sees this statement, or this sees the collection's.
    open.state(held);
    ClaimFile.awaitCollections(home, Set.copyOf(entries));
  }

  /**
   * Lets all entries go.
   *
   * @throws IOException if the statement cannot be removed; it ends with the process then
   */
  @Override
  public void close() throws IOException {
    held.clear();
    ClaimFile open = claim;
    if (open != null) {
      claim = null;
      open.close();
    }
  }
}

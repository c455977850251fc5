package dev.raya.cli.pm;

import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.CacheException;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Does the same with each element of a list, on all processors, where cache entries are hashed
 * anew. Every element is looked at, and nothing is moved meanwhile; entries that were found damaged
 * are moved out afterwards, in the list's order. So what is moved and told depends on the list
 * alone and on no thread's pace.
 */
public final class EntrySteps {
  private EntrySteps() {}

  /**
   * What is done with an element; several threads do it at once.
   *
   * @param <T> the element
   * @param <R> what comes of it
   */
  public interface Step<T, R> {
    /**
     * Does it.
     *
     * @param check hashes entries
     */
    R take(T element, Check check) throws CommandException, IOException, InterruptedException;
  }

  /** The entries that one step has hashed. */
  public static final class Check {
    private final PackageCache cache;
    private final List<CacheEntry> damaged = new ArrayList<>();

    private Check(PackageCache cache) {
      this.cache = cache;
    }

    /**
     * Whether an entry's files are what was put there; otherwise it is moved out after all steps.
     *
     * @throws IOException if it was moved out meanwhile
     */
    public boolean isSound(CacheEntry entry) throws IOException {
      boolean isSound = cache.fault(entry).isEmpty();
      if (!isSound) {
        damaged.add(entry);
      }
      return isSound;
    }
  }

  /**
   * What came of an element.
   *
   * @param result null if the step failed
   * @param damaged entries that were moved out because of it, in the order of its checks
   * @param failure a {@link CommandException} or {@link IOException}, or null if there is a result
   */
  public record Outcome<R>(
      @Nullable R result, List<CacheException.Damaged> damaged, @Nullable Exception failure) {

    /** Fails as the step did, if it did. */
    public void requireDone() throws CommandException, IOException {
      switch (failure) {
        case CommandException known -> throw known;
        case IOException io -> throw io;
        case null -> {}
        default -> throw new IllegalStateException(failure);
      }
    }
  }

  private record Attempt<R>(@Nullable R result, Check check, @Nullable Exception failure) {}

  /**
   * Takes each element, whatever fails.
   *
   * @return what came of them, in the order of the elements
   * @throws IOException if an entry cannot be moved
   * @throws CommandException never by itself
   * @throws InterruptedException if the thread was interrupted
   */
  public static <T, R> List<Outcome<R>> each(PackageCache cache, List<T> elements, Step<T, R> step)
      throws CommandException, IOException, InterruptedException {
    List<Attempt<R>> attempts =
        Concurrently.each(elements, element -> attempt(cache, element, step));
    List<Outcome<R>> outcomes = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      Attempt<R> attempt = attempts.get(i);
      List<CacheException.Damaged> damaged = movedOut(cache, attempt.check().damaged);
      while (damaged.isEmpty() && !attempt.check().damaged.isEmpty()) {
        // Another process has moved them out or put them again since.
        attempt = attempt(cache, elements.get(i), step);
        damaged = movedOut(cache, attempt.check().damaged);
      }
      outcomes.add(new Outcome<>(attempt.result(), damaged, attempt.failure()));
    }
    return outcomes;
  }

  private static <T, R> Attempt<R> attempt(PackageCache cache, T element, Step<T, R> step)
      throws InterruptedException {
    Check check = new Check(cache);
    try {
      return new Attempt<>(step.take(element, check), check, null);
    } catch (CommandException | IOException failure) {
      return new Attempt<>(null, check, failure);
    }
  }

  private static List<CacheException.Damaged> movedOut(PackageCache cache, List<CacheEntry> found)
      throws IOException {
    List<CacheException.Damaged> damaged = new ArrayList<>();
    for (CacheEntry each : found) {
      // Hashed once more: what another process has put there since is not to be moved.
      Optional<CacheEntry> present = cache.get(each.checksum());
      try {
        if (present.isPresent()) {
          cache.verify(present.get());
        }
      } catch (CacheException.Damaged moved) {
        damaged.add(moved);
      }
    }
    return damaged;
  }
}

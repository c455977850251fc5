package dev.raya.resolver.index;

import dev.raya.resolver.name.PackageName;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where index documents come from: over the network, from the cache, or from memory. What it hands
 * out was checked (trust is its business, not the solver's). Thread-safe.
 *
 * <p>A stage may complete exceptionally; {@code ResolutionException.SourceFailed} then carries the
 * cause to whoever started the resolution.
 */
public interface IndexSource {

  /** Asks for the document of a package. Asking twice is cheap. */
  CompletionStage<IndexAnswer> document(PackageName name);

  /** Says what will probably be asked for soon. */
  default void prefetch(Collection<PackageName> names) {}

  /** What a source knows of a package. */
  sealed interface IndexAnswer {

    /**
     * The package's document.
     *
     * @param document the document
     */
    record Found(IndexDocument document) implements IndexAnswer {}

    /**
     * The registry has no such package.
     *
     * @param nearest names like it, nearest first; may be empty
     */
    record Absent(List<PackageName> nearest) implements IndexAnswer {
      /** Copies the list in. */
      public Absent {
        nearest = List.copyOf(nearest);
      }
    }
  }
}

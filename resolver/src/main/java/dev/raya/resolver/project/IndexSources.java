package dev.raya.resolver.project;

import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.index.IndexSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of all registries that a resolution may ask, one for each origin. There is no falling
 * through from one to another: who requires a package says which registry has it. Thread-safe.
 */
public interface IndexSources {
  /**
   * The index of a registry, or null if neither the user nor a manifest of the project names it:
   * what a package says of itself opens no connection to anywhere new.
   *
   * @param origin the registry's own name for itself; null for the default registry
   */
  @Nullable IndexSource of(@Nullable String origin);

  /**
   * The versions that a registry holds back, asked for at most once.
   *
   * @param origin as for {@link #of}
   */
  default CompletionStage<QuarantineList> quarantine(@Nullable String origin) {
    return CompletableFuture.completedFuture(QuarantineList.NONE);
  }

  /**
   * The id of the staged release that a line is of, or null if it is of a published version.
   *
   * @param line of an index document that came from here
   */
  default @Nullable String stage(IndexLine.VersionLine line) {
    return null;
  }

  /** The default registry alone. */
  static IndexSources only(IndexSource index) {
    return origin -> origin == null ? index : null;
  }
}

package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Index documents as this home holds them, without a network. What is not held is remembered, so
 * that a command can list all that is missing.
 */
public final class HeldIndexSource implements IndexSource {
  private final IndexStore store;
  private final Set<PackageName> missing = new ConcurrentSkipListSet<>();

  /** Reads from a store. */
  public HeldIndexSource(IndexStore store) {
    this.store = store;
  }

  /** The packages that were asked for and are not held, sorted. */
  public List<PackageName> missing() {
    return List.copyOf(missing);
  }

  @Override
  public CompletionStage<IndexAnswer> document(PackageName name) {
    try {
      Optional<IndexDocument> held = held(name);
      if (held.isPresent()) {
        return CompletableFuture.completedStage(new IndexAnswer.Found(held.get()));
      }
      missing.add(name);
      return CompletableFuture.failedStage(
          new CommandException(
              "RAYA-NET-003", "offline, and the index document of " + name + " is not held"));
    } catch (CommandException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  /**
   * The document of a package, or empty if it is not held.
   *
   * @throws CommandException if it cannot be read, RAYA-SEC-013 if it is malformed
   */
  public Optional<IndexDocument> held(PackageName name) throws CommandException {
    try {
      byte[] bytes = store.held(name);
      return bytes.length == 0
          ? Optional.empty()
          : Optional.of(IndexDocumentReader.read(name, bytes));
    } catch (IndexException malformed) {
      throw new CommandException(
          "RAYA-SEC-013",
          "the held " + malformed.getMessage(),
          "it is damaged: remove " + store.file(name) + " and install again");
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}

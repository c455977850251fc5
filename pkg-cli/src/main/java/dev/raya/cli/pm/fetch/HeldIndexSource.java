package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.name.PackageName;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Index documents as this home holds them, without a network. What is not held is remembered, so
 * that a command can list all that is missing. A document is compared with the one that held
 * metadata names, where the bin that names it is as new as the snapshot: what other packages
 * brought since may name a later state of it, or be of a bin that nobody has asked for.
 */
public final class HeldIndexSource implements IndexSource {
  private final IndexStore store;
  private final @Nullable HeldMetadata signed;
  private final Set<PackageName> missing = new ConcurrentSkipListSet<>();

  /** Reads from a store, as documents lie there. */
  public HeldIndexSource(IndexStore store) {
    this(store, null);
  }

  /**
   * Reads from a store.
   *
   * @param signed what names the documents; null to believe the store
   */
  public HeldIndexSource(IndexStore store, @Nullable HeldMetadata signed) {
    this.store = store;
    this.signed = signed;
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
   * @throws CommandException if it cannot be read, RAYA-SEC-013 if it is malformed or not the one
   *     that held metadata names
   */
  public Optional<IndexDocument> held(PackageName name) throws CommandException {
    try {
      byte[] bytes = store.held(name);
      if (bytes.length == 0) {
        return Optional.empty();
      }
      requireNamed(name, bytes);
      return Optional.of(IndexDocumentReader.read(name, bytes));
    } catch (IndexException malformed) {
      throw new CommandException(
          "RAYA-SEC-013",
          "the held " + malformed.getMessage(),
          "it is damaged: remove " + store.file(name) + " and install again");
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private void requireNamed(PackageName name, byte[] held) throws CommandException {
    HeldMetadata by = signed;
    if (by == null) {
      return;
    }
    Optional<Role.TargetFile> target;
    try {
      target = by.index(name);
    } catch (CommandException unnamed) {
      return; // nothing that is held says which one it is; then it only ever adds to the checks
    }
    long length = target.map(Role.TargetFile::length).orElse(0L);
    if (length > held.length) {
      return; // an earlier state of what the bin names by now
    }
    String expected = target.map(named -> named.hashes().get("sha256")).orElse(null);
    String found = Digest.of(held).hex();
    if (!found.equals(expected)) {
      throw new CommandException(
          "RAYA-SEC-013",
          "the held index document of " + name + " is not the one that signed metadata names",
          "expected: "
              + (expected == null ? "none" : "sha256:" + expected + ", " + length + " bytes"),
          "found: sha256:" + found + ", " + held.length + " bytes",
          isLater(held, (int) length, expected)
              ? "it goes on from what that metadata names: the metadata is older, as if it had been"
                  + " put back, or something was added here: remove "
                  + store.file(name)
                  + ", and `raya-pm outdated` with a network brings both"
              : "it is damaged: remove " + store.file(name) + " and install again");
    }
  }

  /** Whether it goes on from what held metadata names, which of a new package is nothing. */
  private static boolean isLater(byte[] held, int length, @Nullable String expected) {
    return expected == null || Digest.of(Arrays.copyOf(held, length)).hex().equals(expected);
  }
}

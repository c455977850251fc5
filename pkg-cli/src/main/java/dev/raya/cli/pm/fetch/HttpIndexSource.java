package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.TrustPolicy;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.name.PackageName;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Index documents of a registry: each is the one that signed metadata names, asked for once a
 * command if it is not held already, must extend the one this home holds, and is kept. A stage that
 * fails carries a {@link CommandException}.
 */
public final class HttpIndexSource implements IndexSource {
  private static final int SUGGESTIONS = 5;
  private static final int PARTIAL = 206;

  /** How much of an unknown name is asked for when nothing begins like all of it. */
  private static final int PREFIX = 3;

  private final Registry registry;
  private final RegistryMetadata metadata;
  private final TrustPolicy trust;
  private final IndexStore store;
  private final Executor executor;
  private final Consumer<String> told;
  private final ConcurrentMap<PackageName, CompletableFuture<IndexAnswer>> asked =
      new ConcurrentHashMap<>();

  /** What batches brought; one that failed brought nothing, and single reads say why. */
  private final List<CompletableFuture<Map<String, Batch.Part>>> batches =
      new CopyOnWriteArrayList<>();

  /**
   * Reads from a registry.
   *
   * @param executor runs blocking reads, one virtual thread each
   * @param told hears of documents that were damaged on this machine
   */
  public HttpIndexSource(
      Registry registry,
      RegistryMetadata metadata,
      TrustPolicy trust,
      IndexStore store,
      Executor executor,
      Consumer<String> told) {
    this.registry = registry;
    this.metadata = metadata;
    this.trust = trust;
    this.store = store;
    this.executor = executor;
    this.told = told;
  }

  @Override
  public CompletionStage<IndexAnswer> document(PackageName name) {
    return asked.computeIfAbsent(
        name, key -> CompletableFuture.supplyAsync(() -> blocking(() -> read(key)), executor));
  }

  @Override
  public void prefetch(Collection<PackageName> names) {
    for (PackageName name : names) {
      document(name);
    }
  }

  /**
   * Asks in one request for documents that will be wanted, and for those that these will want as
   * far as the registry can guess. Whatever it does not bring is read singly.
   */
  public void expect(Collection<PackageName> names) {
    Set<PackageName> open = new TreeSet<>(names);
    open.removeAll(asked.keySet());
    if (!open.isEmpty()) {
      batches.add(CompletableFuture.supplyAsync(() -> batch(open), executor));
    }
  }

  /**
   * The document of a package if it is there or a batch brings it; nothing is asked for.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<IndexDocument> arrived(PackageName name) throws InterruptedException {
    try {
      CompletableFuture<IndexAnswer> answer = asked.get(name);
      boolean known = answer != null && answer.isDone();
      for (CompletableFuture<Map<String, Batch.Part>> batch : batches) {
        known = known || batch.get().containsKey(name.indexPath());
      }
      return known
              && document(name).toCompletableFuture().get()
                  instanceof IndexAnswer.Found(IndexDocument document)
          ? Optional.of(document)
          : Optional.empty();
    } catch (ExecutionException failed) {
      // Whoever needs the document asks again, and is told.
      return Optional.empty();
    }
  }

  private Map<String, Batch.Part> batch(Collection<PackageName> names) {
    try {
      Map<PackageName, Integer> held = new LinkedHashMap<>();
      for (PackageName name : names) {
        held.put(name, store.intact(name).length);
      }
      return Batch.documents(registry, metadata, held);
    } catch (CommandException | IOException unanswered) {
      return Map.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Map.of();
    }
  }

  /** The documents that were found so far. */
  public Map<PackageName, IndexDocument> found() {
    Map<PackageName, IndexDocument> found = new TreeMap<>();
    asked.forEach(
        (name, answer) -> {
          if (answer.isDone()
              && !answer.isCompletedExceptionally()
              && answer.join() instanceof IndexAnswer.Found(IndexDocument document)) {
            found.put(name, document);
          }
        });
    return found;
  }

  /** Forgets an answer, so that the next question goes to the registry again. */
  public void forget(PackageName name) {
    asked.remove(name);
    batches.clear();
    metadata.forget();
  }

  /**
   * The registry's configuration as its metadata signs it; what a batch brings of that is waited
   * for.
   *
   * @throws CommandException if metadata is refused or cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  public RegistryConfig config() throws CommandException, InterruptedException {
    batches.forEach(CompletableFuture::join);
    metadata.refresh();
    return registry.config();
  }

  /**
   * A small target that the registry need not have, as its metadata names it; what a batch brings
   * is waited for. Fails like a document.
   */
  public CompletionStage<Optional<byte[]>> target(String path) {
    return CompletableFuture.supplyAsync(
        () ->
            blocking(
                () -> {
                  batches.forEach(CompletableFuture::join);
                  return metadata.optional(path, HeldMetadata.MAX_TRUST_BYTES);
                }),
        executor);
  }

  private interface Question<T> {
    T ask() throws CommandException, IOException, InterruptedException;
  }

  private static <T> T blocking(Question<T> question) {
    try {
      return question.ask();
    } catch (CommandException failed) {
      throw new CompletionException(failed);
    } catch (IOException unreadable) {
      throw new CompletionException(Failure.of(unreadable));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CompletionException(interrupted);
    }
  }

  private IndexAnswer read(PackageName name)
      throws CommandException, IOException, InterruptedException {
    byte[] held;
    try {
      held = store.held(name);
    } catch (CommandException damaged) {
      told.accept(damaged.findings().getFirst().message() + "; it is fetched again");
      held = new byte[0];
    }
    byte[] document = named(name, held);
    if (document == null) {
      // An old timestamp may name what is no longer served: it is asked for once more.
      metadata.forget();
      document = named(name, held);
    }
    if (document == null) {
      throw Failures.notARegistry(
          registry.base(), "it does not serve the index document of " + name + " that it signs");
    }
    if (document.length == 0) {
      trust.extend(registry.known(), name, held, document);
      return new IndexAnswer.Absent(nearest(name));
    }
    IndexDocument parsed = parse(name, document);
    trust.extend(registry.known(), name, held, document);
    store.keep(name, held, document);
    return new IndexAnswer.Found(parsed);
  }

  /**
   * The document that metadata names: the one held, one of a batch, or one asked for.
   *
   * @return empty if metadata names none; null if the registry does not serve it
   */
  private byte @Nullable [] named(PackageName name, byte[] held)
      throws CommandException, InterruptedException {
    List<byte[]> brought = new ArrayList<>();
    for (CompletableFuture<Map<String, Batch.Part>> batch : batches) {
      Batch.Part part = batch.join().get(name.indexPath());
      byte[] whole = part == null ? null : part.whole(held);
      if (whole != null) {
        brought.add(whole);
      }
    }
    Optional<Role.TargetFile> target = metadata.index(name);
    if (target.isEmpty()) {
      return new byte[0];
    }
    String sha256 = target.get().hashes().get("sha256");
    if (sha256 == null || target.get().length() > Registry.MAX_INDEX_BYTES) {
      throw RegistryMetadata.mixed(
          name, "a sha256 and at most " + Registry.MAX_INDEX_BYTES + " bytes", "something else");
    }
    Digest expected = new Digest(sha256);
    brought.addFirst(held);
    for (byte[] document : brought) {
      if (document.length == target.get().length() && Digest.of(document).equals(expected)) {
        return document;
      }
    }
    return asked(name, expected, target.get().length(), held);
  }

  /**
   * Asked for under its digest: what is new of it, or all of it where what is held does not fit.
   */
  private byte @Nullable [] asked(PackageName name, Digest expected, long length, byte[] held)
      throws CommandException, InterruptedException {
    String path = name.indexPath();
    int file = path.lastIndexOf('/') + 1;
    String address = path.substring(0, file) + expected.hex() + "." + path.substring(file);
    byte[] served = new byte[0];
    for (int from :
        held.length == 0 || held.length >= length ? List.of(0) : List.of(held.length, 0)) {
      Answer answer = registry.index(address, from);
      if (answer.status() == 404) {
        return null;
      }
      served = answer.body();
      if (from > 0 && answer.status() == PARTIAL) {
        served = Arrays.copyOf(held, from + answer.body().length);
        System.arraycopy(answer.body(), 0, served, from, answer.body().length);
      }
      if (answer.ok() && Digest.of(served).equals(expected)) {
        return served;
      }
    }
    throw RegistryMetadata.mixed(
        name,
        expected + ", " + length + " bytes",
        Digest.of(served) + ", " + served.length + " bytes");
  }

  private IndexDocument parse(PackageName name, byte[] bytes) throws CommandException {
    try {
      return IndexDocumentReader.read(name, bytes);
    } catch (IndexException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    }
  }

  /** Names like a name, nearest first; asked by its beginning too, since a typo may lie behind. */
  private List<PackageName> nearest(PackageName name) throws InterruptedException {
    String text = name.text();
    Set<String> suggestions = new LinkedHashSet<>(registry.suggest(text));
    for (int length = Math.min(text.length() - 1, PREFIX);
        length >= 1 && suggestions.isEmpty();
        length--) {
      suggestions.addAll(registry.suggest(text.substring(0, length)));
    }
    List<PackageName> nearest = new ArrayList<>();
    for (String suggestion : Nearest.among(text, suggestions, SUGGESTIONS)) {
      PackageName parsed = PackageName.tryParse(suggestion);
      if (parsed != null) {
        nearest.add(parsed);
      }
    }
    return nearest;
  }
}

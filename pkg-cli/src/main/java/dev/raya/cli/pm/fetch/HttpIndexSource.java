package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.TrustPolicy;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Index documents of a registry: each is revalidated once a command, must extend the one this home
 * holds, and is kept. A stage that fails carries a {@link CommandException}.
 */
public final class HttpIndexSource implements IndexSource {
  private static final int SUGGESTIONS = 5;

  /** How much of an unknown name is asked for when nothing begins like all of it. */
  private static final int PREFIX = 3;

  private final Registry registry;
  private final TrustPolicy trust;
  private final IndexStore store;
  private final Executor executor;
  private final ConcurrentMap<PackageName, CompletableFuture<IndexAnswer>> asked =
      new ConcurrentHashMap<>();

  /** What batches brought; one that failed brought nothing, and single reads say why. */
  private final List<CompletableFuture<Map<String, Batch.Part>>> batches =
      new CopyOnWriteArrayList<>();

  /**
   * Reads from a registry.
   *
   * @param executor runs blocking reads, one virtual thread each
   */
  public HttpIndexSource(
      Registry registry, TrustPolicy trust, IndexStore store, Executor executor) {
    this.registry = registry;
    this.trust = trust;
    this.store = store;
    this.executor = executor;
  }

  @Override
  public CompletionStage<IndexAnswer> document(PackageName name) {
    return asked.computeIfAbsent(
        name, key -> CompletableFuture.supplyAsync(() -> blocking(key), executor));
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

  private Map<String, Batch.Part> batch(Collection<PackageName> names) {
    try {
      Map<PackageName, Integer> held = new LinkedHashMap<>();
      for (PackageName name : names) {
        held.put(name, store.held(name).length);
      }
      return Batch.documents(registry, held);
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
  }

  private IndexAnswer blocking(PackageName name) {
    try {
      return read(name);
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
    byte[] held = store.held(name);
    byte[] whole = expected(name, held);
    if (whole != null) {
      IndexDocument document = parse(name, whole);
      trust.extend(registry.known(), name, held, whole);
      store.keep(name, held, whole, null);
      return new IndexAnswer.Found(document);
    }
    @Nullable String etag = held.length == 0 ? null : store.etag(name, held);
    Answer answer = registry.index(name.indexPath(), etag);
    return switch (answer.status()) {
      case 304 -> new IndexAnswer.Found(parse(name, held));
      case 404 -> {
        trust.extend(registry.known(), name, held, new byte[0]);
        yield new IndexAnswer.Absent(nearest(name));
      }
      default -> {
        byte[] served = answer.body();
        IndexDocument document = parse(name, served);
        trust.extend(registry.known(), name, held, served);
        store.keep(name, held, served, answer.header("ETag"));
        yield new IndexAnswer.Found(document);
      }
    };
  }

  /** The document as a batch brought it, or null if none did. */
  private byte @Nullable [] expected(PackageName name, byte[] held) {
    for (CompletableFuture<Map<String, Batch.Part>> batch : batches) {
      Batch.Part part = batch.join().get(name.indexPath());
      byte[] whole = part == null ? null : part.whole(held);
      if (whole != null) {
        return whole;
      }
    }
    return null;
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

package dev.raya.vm.context;

import dev.raya.vm.task.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The contexts of a runtime (vm.md 8). Operations are linearisable. */
public final class ContextRegistry {
  private static final int MAX_NESTING = 16;

  private final ConcurrentHashMap<VmContextId, VmContext> contexts = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  /** Makes a context that the given scheduler's worker will run. */
  VmContextId create(VmOptions options, Scheduler scheduler) throws VmException {
    options.validate();
    int depth = 1;
    for (Optional<VmContextId> at = options.parent(); at.isPresent(); depth++) {
      VmContext parent = contexts.get(at.get());
      if (parent == null) {
        throw new VmException(VmErrorKind.CONTEXT_NOT_FOUND, "no context " + at.get().value());
      }
      at = parent.parent();
    }
    if (depth > MAX_NESTING) {
      throw new VmException(
          VmErrorKind.INVALID_OPTIONS, "contexts nested deeper than " + MAX_NESTING);
    }
    VmContextId id = new VmContextId(ids.incrementAndGet());
    contexts.put(id, new VmContext(id, options, scheduler));
    return id;
  }

  /** Returns a context that has not been removed. */
  public Optional<VmContext> get(VmContextId id) {
    return Optional.ofNullable(contexts.get(id));
  }

  /** Removes a context; says whether it was there. */
  public boolean remove(VmContextId id) {
    VmContext context = contexts.remove(id);
    if (context == null) {
      return false;
    }
    context.state(VmContext.State.TERMINATED);
    return true;
  }

  /**
   * Asks a context to stop at its next poll and not to be used again.
   *
   * @throws VmException ContextNotFound if there is none
   */
  public void terminate(VmContextId id) throws VmException {
    VmContext context = contexts.get(id);
    if (context == null) {
      throw new VmException(VmErrorKind.CONTEXT_NOT_FOUND, "no context " + id.value());
    }
    context.state(VmContext.State.TERMINATING);
    context.requestTermination();
  }

  /** Returns the numbers of all contexts, ascending. */
  public List<VmContextId> list() {
    List<VmContextId> all = new ArrayList<>(contexts.keySet());
    all.sort(java.util.Comparator.comparingLong(VmContextId::value));
    return List.copyOf(all);
  }

  void terminateAll() {
    for (VmContext context : contexts.values()) {
      context.state(VmContext.State.TERMINATING);
      context.requestTermination();
    }
  }
}

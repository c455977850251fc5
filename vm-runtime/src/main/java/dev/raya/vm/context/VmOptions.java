package dev.raya.vm.context;

import dev.raya.vm.bytecode.Capabilities;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Limits and rights of a context (vm.md 8). Capabilities of the host come with inner VMs.
 *
 * @param maxHeapBytes modelled bytes, absent for no limit
 * @param maxTasks live tasks
 * @param maxStepBudget steps
 * @param grants names of stdlib.md 1.1
 * @param parent the context that made this one
 * @param weight share of processor time, 1…1 000
 * @param maxCallDepth frames of a task
 * @param maxParallelism workers at once
 * @param budgetScope what the step budget covers
 * @param deterministic whether time and randomness come from a recorder
 */
public record VmOptions(
    OptionalLong maxHeapBytes,
    OptionalInt maxTasks,
    OptionalLong maxStepBudget,
    Set<String> grants,
    Optional<VmContextId> parent,
    int weight,
    int maxCallDepth,
    OptionalInt maxParallelism,
    BudgetScope budgetScope,
    boolean deterministic) {
  /** Frames of a task unless said otherwise (vm.md 3.8). */
  public static final int DEFAULT_CALL_DEPTH = 16_384;

  private static final int DEFAULT_WEIGHT = 100;

  /** Copies the grants in. */
  public VmOptions {
    grants = Set.copyOf(grants);
  }

  /** The main context: no limits, every grant. */
  public static VmOptions defaults() {
    return new VmOptions(
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        new TreeSet<>(Capabilities.NAMES),
        Optional.empty(),
        DEFAULT_WEIGHT,
        DEFAULT_CALL_DEPTH,
        OptionalInt.empty(),
        BudgetScope.CUMULATIVE,
        false);
  }

  /** One worker, ten tasks, a small stack and heap, no grants. */
  public static VmOptions restricted() {
    return new VmOptions(
        OptionalLong.of(10L << 20),
        OptionalInt.of(10),
        OptionalLong.empty(),
        Set.of(),
        Optional.empty(),
        DEFAULT_WEIGHT,
        1_024,
        OptionalInt.of(1),
        BudgetScope.CUMULATIVE,
        false);
  }

  /** Returns the same options with other limits. */
  public VmOptions withLimits(OptionalLong heapBytes, OptionalInt tasks, OptionalLong steps) {
    return new VmOptions(
        heapBytes,
        tasks,
        steps,
        grants,
        parent,
        weight,
        maxCallDepth,
        maxParallelism,
        budgetScope,
        deterministic);
  }

  /** Returns the same options with other grants. */
  public VmOptions withGrants(Set<String> names) {
    return new VmOptions(
        maxHeapBytes,
        maxTasks,
        maxStepBudget,
        names,
        parent,
        weight,
        maxCallDepth,
        maxParallelism,
        budgetScope,
        deterministic);
  }

  /** Returns the same options with another limit of frames. */
  public VmOptions withMaxCallDepth(int frames) {
    return new VmOptions(
        maxHeapBytes,
        maxTasks,
        maxStepBudget,
        grants,
        parent,
        weight,
        frames,
        maxParallelism,
        budgetScope,
        deterministic);
  }

  void validate() throws VmException {
    if (maxHeapBytes.isPresent() && maxHeapBytes.getAsLong() <= 0) {
      throw invalid("maxHeapBytes", maxHeapBytes.getAsLong());
    }
    if (maxTasks.isPresent() && maxTasks.getAsInt() <= 0) {
      throw invalid("maxTasks", maxTasks.getAsInt());
    }
    if (maxStepBudget.isPresent() && maxStepBudget.getAsLong() <= 0) {
      throw invalid("maxStepBudget", maxStepBudget.getAsLong());
    }
    if (maxCallDepth <= 0) {
      throw invalid("maxCallDepth", maxCallDepth);
    }
    if (maxParallelism.isPresent() && maxParallelism.getAsInt() <= 0) {
      throw invalid("maxParallelism", maxParallelism.getAsInt());
    }
    if (weight < 1 || weight > 1_000) {
      throw new VmException(
          VmErrorKind.INVALID_OPTIONS, "weight: expected 1…1000, found " + weight);
    }
    for (String grant : grants) {
      if (Capabilities.bit(grant) == 0 && !grant.startsWith("native:")) {
        throw new VmException(VmErrorKind.INVALID_OPTIONS, "grants: no grant is called " + grant);
      }
    }
  }

  private static VmException invalid(String name, long value) {
    return new VmException(
        VmErrorKind.INVALID_OPTIONS, name + ": expected more than 0, found " + value);
  }

  /** Returns the bits of the grants that have one. */
  int grantBits() {
    int bits = 0;
    for (String grant : grants) {
      bits |= Capabilities.bit(grant);
    }
    return bits;
  }
}

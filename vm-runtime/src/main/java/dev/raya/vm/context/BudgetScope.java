package dev.raya.vm.context;

/** What a step budget covers (vm.md 9.6). */
public enum BudgetScope {
  /** All steps of the context together. */
  CUMULATIVE,
  /** Each slice; a task that has used it up yields. */
  PER_SLICE
}

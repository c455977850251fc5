package dev.raya.vm.context;

/** What a context used (vm.md 11); a missing limit reads −1. */
public record VmStats(
    long heapBytesUsed,
    long maxHeapBytes,
    int tasks,
    int maxTasks,
    long stepsExecuted,
    long maxStepBudget,
    long peakHeapBytes,
    int peakTasks) {}

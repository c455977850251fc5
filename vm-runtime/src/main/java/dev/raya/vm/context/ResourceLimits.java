package dev.raya.vm.context;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** The limits of a context (vm.md 8). */
public record ResourceLimits(
    OptionalLong maxHeapBytes, OptionalInt maxTasks, OptionalLong maxStepBudget) {}

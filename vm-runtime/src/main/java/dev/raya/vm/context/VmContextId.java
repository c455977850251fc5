package dev.raya.vm.context;

/** The number of a context, never reused within a runtime. */
public record VmContextId(long value) {}

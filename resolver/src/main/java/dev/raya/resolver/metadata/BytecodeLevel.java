package dev.raya.resolver.metadata;

/**
 * The bytecode of a version as META of its {@code module.rbin} states it.
 *
 * @param major major format version
 * @param minor minor format version
 * @param minVm least VM level it runs on
 * @param languageLevel language level it was compiled at
 */
public record BytecodeLevel(int major, int minor, int minVm, int languageLevel) {}

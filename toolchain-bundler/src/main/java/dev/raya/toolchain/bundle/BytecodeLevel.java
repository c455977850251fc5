package dev.raya.toolchain.bundle;

/**
 * The bytecode that a toolchain writes and runs (rbin.md section 9).
 *
 * @param major format version
 * @param minor format version
 * @param minVm VM feature level that its output needs
 * @param languageLevel grammar of its declarations
 */
public record BytecodeLevel(int major, int minor, int minVm, int languageLevel) {}

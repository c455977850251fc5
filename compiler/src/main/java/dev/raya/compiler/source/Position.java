package dev.raya.compiler.source;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column from 1, in UTF-16 units
 * @param offset from 0, in bytes of the UTF-8 text
 */
public record Position(int line, int column, int offset) {}

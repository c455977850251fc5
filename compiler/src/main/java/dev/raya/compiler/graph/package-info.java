/** Graphs of a compiled package: modules, symbols, control flow. */
@NullMarked
package dev.raya.compiler.graph;

import org.jspecify.annotations.NullMarked;

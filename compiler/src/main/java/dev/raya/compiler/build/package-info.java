/** Compiling files, packages and the standard library: sources and imports in, files out. */
@NullMarked
package dev.raya.compiler.build;

import org.jspecify.annotations.NullMarked;

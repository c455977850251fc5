/** The typed tree a checked module consists of; what the lowering reads. */
@NullMarked
package dev.raya.compiler.tree;

import org.jspecify.annotations.NullMarked;

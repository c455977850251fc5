/**
 * Functions in static single assignment form, the passes over it, and the way there and back: from
 * the stack code of {@link dev.raya.compiler.ir} and to stack code again. {@code docs/ir.md}
 * describes the form, what must hold in it, and how a pass is added.
 */
@NullMarked
package dev.raya.compiler.ssa;

import org.jspecify.annotations.NullMarked;

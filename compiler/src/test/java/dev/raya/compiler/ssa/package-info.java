/** Tests of the SSA form and its passes. */
@NullMarked
package dev.raya.compiler.ssa;

import org.jspecify.annotations.NullMarked;

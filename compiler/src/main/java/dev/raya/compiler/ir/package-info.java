/**
 * The intermediate representation: functions as graphs of basic blocks of stack instructions, all
 * types concrete. Immutable; {@link dev.raya.compiler.ir.CodeGenerator} is the boundary to what
 * comes after it.
 */
@NullMarked
package dev.raya.compiler.ir;

import org.jspecify.annotations.NullMarked;

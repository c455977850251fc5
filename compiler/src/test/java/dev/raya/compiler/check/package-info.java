/** Tests of the checker. */
@NullMarked
package dev.raya.compiler.check;

import org.jspecify.annotations.NullMarked;

/** From the intermediate representation to {@code .rbin} and {@code .rdef}. */
@NullMarked
package dev.raya.compiler.emit;

import org.jspecify.annotations.NullMarked;

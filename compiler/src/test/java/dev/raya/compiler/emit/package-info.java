/** Tests of the code generator. */
@NullMarked
package dev.raya.compiler.emit;

import org.jspecify.annotations.NullMarked;

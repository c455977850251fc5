/** Tests of the compiler's API. */
@NullMarked
package dev.raya.compiler.build;

import org.jspecify.annotations.NullMarked;

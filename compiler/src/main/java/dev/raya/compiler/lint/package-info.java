/** Checks of style and of likely mistakes that need no types. */
@NullMarked
package dev.raya.compiler.lint;

import org.jspecify.annotations.NullMarked;

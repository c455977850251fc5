/** Tests of the linter. */
@NullMarked
package dev.raya.compiler.lint;

import org.jspecify.annotations.NullMarked;

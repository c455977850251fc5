/**
 * The syntax tree: sealed families of immutable records, one for each non-terminal group of
 * language.md 2.
 */
@NullMarked
package dev.raya.compiler.syntax;

import org.jspecify.annotations.NullMarked;

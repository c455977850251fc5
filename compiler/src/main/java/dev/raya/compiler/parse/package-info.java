/** Lexer and recursive-descent parser with error recovery (language.md 1 and 2). */
@NullMarked
package dev.raya.compiler.parse;

import org.jspecify.annotations.NullMarked;

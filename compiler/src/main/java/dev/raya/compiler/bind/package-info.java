/**
 * Modules, scopes and imports: which names a program's files declare and see (language.md 8.2, 16).
 */
@NullMarked
package dev.raya.compiler.bind;

import org.jspecify.annotations.NullMarked;

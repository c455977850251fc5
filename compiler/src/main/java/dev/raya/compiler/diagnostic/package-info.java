/**
 * Diagnostics of the user's program: codes, records, text and JSON forms (language.md 19, cli.md
 * 1).
 */
@NullMarked
package dev.raya.compiler.diagnostic;

import org.jspecify.annotations.NullMarked;

/** The checker: from syntax to the typed tree (language.md 3 to 16). */
@NullMarked
package dev.raya.compiler.check;

import org.jspecify.annotations.NullMarked;

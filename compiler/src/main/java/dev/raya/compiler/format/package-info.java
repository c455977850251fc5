/** The formatter: one layout for each sequence of tokens and comments. */
@NullMarked
package dev.raya.compiler.format;

import org.jspecify.annotations.NullMarked;

/** Tests of the formatter. */
@NullMarked
package dev.raya.compiler.format;

import org.jspecify.annotations.NullMarked;

/** Tests of the forms of diagnostics. */
@NullMarked
package dev.raya.compiler.diagnostic;

import org.jspecify.annotations.NullMarked;

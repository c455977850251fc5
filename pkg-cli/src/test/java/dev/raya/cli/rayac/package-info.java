/** Tests of the compiler's tools. */
@NullMarked
package dev.raya.cli.rayac;

import org.jspecify.annotations.NullMarked;

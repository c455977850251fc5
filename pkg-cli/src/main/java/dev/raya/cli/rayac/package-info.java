/** The program {@code rayac}: the compiler and its tools. */
@NullMarked
package dev.raya.cli.rayac;

import org.jspecify.annotations.NullMarked;

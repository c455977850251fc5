/** The commands from which a toolchain's start-up cache is trained. */
@NullMarked
package dev.raya.cli.training;

import org.jspecify.annotations.NullMarked;

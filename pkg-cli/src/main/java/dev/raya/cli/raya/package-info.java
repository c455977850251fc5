/** The program {@code raya}: runs bytecode files (cli.md 3). */
@NullMarked
package dev.raya.cli.raya;

import org.jspecify.annotations.NullMarked;

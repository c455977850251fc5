/** {@code raya-pm}: the package manager's program and what its commands share. */
@NullMarked
package dev.raya.cli.pm;

import org.jspecify.annotations.NullMarked;

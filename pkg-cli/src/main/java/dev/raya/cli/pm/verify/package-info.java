/** What {@code raya-pm verify} checks of a lockfile, and the chains it shows. */
@NullMarked
package dev.raya.cli.pm.verify;

import org.jspecify.annotations.NullMarked;

/** Projects on disk: finding one, making one, its lockfile, and the record of the last install. */
@NullMarked
package dev.raya.cli.pm.project;

import org.jspecify.annotations.NullMarked;

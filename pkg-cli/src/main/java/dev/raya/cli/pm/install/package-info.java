/** Bringing lockfile and cache in line with the manifest. */
@NullMarked
package dev.raya.cli.pm.install;

import org.jspecify.annotations.NullMarked;

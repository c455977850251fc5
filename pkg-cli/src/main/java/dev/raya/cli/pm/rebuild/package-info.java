/** Builds published versions again from their provenance, and compares. */
@NullMarked
package dev.raya.cli.pm.rebuild;

import org.jspecify.annotations.NullMarked;

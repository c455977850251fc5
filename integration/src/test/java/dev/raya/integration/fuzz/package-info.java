/** Readers of hostile bytes under generated input, seeded: every check runs a few seconds of it. */
@NullMarked
package dev.raya.integration.fuzz;

import org.jspecify.annotations.NullMarked;

/** Installs of the same graph of packages by Raya and by other package managers, timed in turn. */
@NullMarked
package dev.raya.integration.bench;

import org.jspecify.annotations.NullMarked;

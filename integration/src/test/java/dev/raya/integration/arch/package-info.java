/** The dependency table between modules, as tests. */
@NullMarked
package dev.raya.integration.arch;

import org.jspecify.annotations.NullMarked;

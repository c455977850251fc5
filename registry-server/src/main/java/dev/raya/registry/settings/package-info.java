/** What the command line decided. */
@NullMarked
package dev.raya.registry.settings;

import org.jspecify.annotations.NullMarked;

/** Finding packages. */
@NullMarked
package dev.raya.registry.search;

import org.jspecify.annotations.NullMarked;

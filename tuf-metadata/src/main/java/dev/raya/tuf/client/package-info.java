/**
 * The client of The Update Framework 1.0 with TAP 15: from a trusted root to verified metadata and
 * target files (specification, section 5).
 */
@NullMarked
package dev.raya.tuf.client;

import org.jspecify.annotations.NullMarked;

/**
 * The roles of The Update Framework 1.0 and TAP 15: types, strict reader, threshold check, writer.
 */
@NullMarked
package dev.raya.tuf.role;

import org.jspecify.annotations.NullMarked;

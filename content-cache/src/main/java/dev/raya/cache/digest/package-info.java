/** Content digests: the names under which bytes are stored, signed and compared. */
@NullMarked
package dev.raya.cache.digest;

import org.jspecify.annotations.NullMarked;

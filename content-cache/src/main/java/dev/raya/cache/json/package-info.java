/**
 * JSON as Raya reads and signs it: a strict bounded reader and the canonical writer of RFC 8785.
 */
@NullMarked
package dev.raya.cache.json;

import org.jspecify.annotations.NullMarked;

/** A file told as its difference to another one. */
@NullMarked
package dev.raya.cache.splice;

import org.jspecify.annotations.NullMarked;

/** The folder {@code ~/.raya} and the global package cache in it (spec: packages.md section 6). */
@NullMarked
package dev.raya.cache.store;

import org.jspecify.annotations.NullMarked;

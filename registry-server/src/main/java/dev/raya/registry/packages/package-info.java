/** Packages and versions: rows, documents, index. */
@NullMarked
package dev.raya.registry.packages;

import org.jspecify.annotations.NullMarked;

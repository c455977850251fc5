/** Content-addressed storage: blobs named by their SHA-256. */
@NullMarked
package dev.raya.cache.blob;

import org.jspecify.annotations.NullMarked;

/** Where the registry keeps its state: data directory, database server, blobs, static files. */
@NullMarked
package dev.raya.registry.storage;

import org.jspecify.annotations.NullMarked;

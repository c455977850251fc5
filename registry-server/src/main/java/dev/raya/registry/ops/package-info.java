/** The command line of the server: start, tokens, root, verify, migrate. */
@NullMarked
package dev.raya.registry.ops;

import org.jspecify.annotations.NullMarked;

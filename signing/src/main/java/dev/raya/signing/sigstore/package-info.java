/** Sigstore bundles (v0.3), in which signed statements travel. */
@NullMarked
package dev.raya.signing.sigstore;

import org.jspecify.annotations.NullMarked;

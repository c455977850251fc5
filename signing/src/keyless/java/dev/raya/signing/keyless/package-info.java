/**
 * The optional component {@code keyless}: a program of its own that asks Sigstore's services for
 * signatures. Nothing else uses it, and no class of it is loaded by the programs themselves.
 */
@NullMarked
package dev.raya.signing.keyless;

import org.jspecify.annotations.NullMarked;

/** Ed25519 and hybrid keys, where they are kept, and the identities that may publish. */
@NullMarked
package dev.raya.signing.key;

import org.jspecify.annotations.NullMarked;

/** Ed25519 keys, where they are kept, and the identities that may publish. */
@NullMarked
package dev.raya.signing.key;

import org.jspecify.annotations.NullMarked;

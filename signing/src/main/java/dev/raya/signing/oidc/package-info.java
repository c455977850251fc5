/** Tokens of OIDC issuers that say which workflow of a CI service asks to publish. */
@NullMarked
package dev.raya.signing.oidc;

import org.jspecify.annotations.NullMarked;

/** Trusted publishing: workflows that publish with the tokens of their CI service's OIDC issuer. */
@NullMarked
package dev.raya.registry.oidc;

import org.jspecify.annotations.NullMarked;

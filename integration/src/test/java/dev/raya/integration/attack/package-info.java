/** Attacks on a real registry and client over HTTP, each beside its honest twin. */
@NullMarked
package dev.raya.integration.attack;

import org.jspecify.annotations.NullMarked;

/** Witnessing other registries' logs, and being witnessed by them (C2SP tlog-witness). */
@NullMarked
package dev.raya.registry.witness;

import org.jspecify.annotations.NullMarked;

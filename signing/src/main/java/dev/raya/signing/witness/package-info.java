/**
 * Whoever cosigns checkpoints after it checked that no log ever goes back or splits (C2SP
 * tlog-witness).
 */
@NullMarked
package dev.raya.signing.witness;

import org.jspecify.annotations.NullMarked;

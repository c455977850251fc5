/** Dead Simple Signing Envelopes (DSSE 1.0). */
@NullMarked
package dev.raya.signing.dsse;

import org.jspecify.annotations.NullMarked;

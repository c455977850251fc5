/** Signatures: who signs what, in which form, and how it is checked (security.md). */
@NullMarked
package dev.raya.signing;

import org.jspecify.annotations.NullMarked;

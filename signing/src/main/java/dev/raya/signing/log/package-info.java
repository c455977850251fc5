/** The records of a registry's log and the proof that a client keeps of one. */
@NullMarked
package dev.raya.signing.log;

import org.jspecify.annotations.NullMarked;

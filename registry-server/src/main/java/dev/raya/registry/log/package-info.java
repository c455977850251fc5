/** The log of records: numbering, and what follows from it. */
@NullMarked
package dev.raya.registry.log;

import org.jspecify.annotations.NullMarked;

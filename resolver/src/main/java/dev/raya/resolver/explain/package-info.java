/** Why a problem has no solution, in words and as JSON, and what would help. */
@NullMarked
package dev.raya.resolver.explain;

import org.jspecify.annotations.NullMarked;

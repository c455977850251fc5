/** Advisories in the OSV format, and which locked or published versions they hit. */
@NullMarked
package dev.raya.resolver.audit;

import org.jspecify.annotations.NullMarked;

/** Versions, ranges and tags (packages.md section 1), and the codes of this module's refusals. */
@NullMarked
package dev.raya.resolver.version;

import org.jspecify.annotations.NullMarked;

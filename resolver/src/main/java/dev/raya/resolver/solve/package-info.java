/** The solver: conflict-driven clause learning over version sets (packages.md section 3). */
@NullMarked
package dev.raya.resolver.solve;

import org.jspecify.annotations.NullMarked;

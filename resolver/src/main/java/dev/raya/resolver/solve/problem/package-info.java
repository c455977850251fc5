/**
 * Resolver problems in the neutral format {@code raya-resolve/1}: reading them, and writing what
 * the solver answers. Used by {@code raya-pm resolve --problem} and by the tests.
 */
@NullMarked
package dev.raya.resolver.solve.problem;

import org.jspecify.annotations.NullMarked;

/**
 * The solver: conflict-driven clause learning over sets of versions. Facts are incompatibilities
 * (as in PubGrub), propagated through watched terms and learnt up to the first unique implication
 * point.
 */
@NullMarked
package dev.raya.resolver.solve;

import org.jspecify.annotations.NullMarked;

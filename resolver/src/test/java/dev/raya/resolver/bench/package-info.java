/** Families of generated problems and the benchmark of the solver against its peers. */
@NullMarked
package dev.raya.resolver.bench;

import org.jspecify.annotations.NullMarked;

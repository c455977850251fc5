/** Tier 0: predecoding of verified functions and the interpreter loop (vm.md 3). */
@NullMarked
package dev.raya.vm.interp;

import org.jspecify.annotations.NullMarked;

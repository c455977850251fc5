/** Contexts, limits, module loading and linking, and the embedding API (vm.md 8, 9, 11). */
@NullMarked
package dev.raya.vm.context;

import org.jspecify.annotations.NullMarked;

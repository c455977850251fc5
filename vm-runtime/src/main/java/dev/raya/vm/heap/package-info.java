/** Modelled sizes of objects and the accounting of a context's heap (vm.md 9). */
@NullMarked
package dev.raya.vm.heap;

import org.jspecify.annotations.NullMarked;

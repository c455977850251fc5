/** Comparison of the typed interfaces of two versions of a package. */
@NullMarked
package dev.raya.vm.bytecode.compat;

import org.jspecify.annotations.NullMarked;

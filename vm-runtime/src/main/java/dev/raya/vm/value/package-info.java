/** Values and objects of the VM, their classes and their text forms (vm.md 2, language.md 7.3). */
@NullMarked
package dev.raya.vm.value;

import org.jspecify.annotations.NullMarked;

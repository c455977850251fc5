/** From the typed tree to the intermediate representation ({@code rbin.md} 4.1). */
@NullMarked
package dev.raya.compiler.lower;

import org.jspecify.annotations.NullMarked;

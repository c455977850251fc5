/** The platforms that a toolchain or a native module can be made for (toolchain.md section 1). */
@NullMarked
package dev.raya.toolchain.platform;

import org.jspecify.annotations.NullMarked;

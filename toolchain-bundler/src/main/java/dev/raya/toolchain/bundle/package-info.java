/** What a toolchain consists of, how it is put together and how its start-up cache is trained. */
@NullMarked
package dev.raya.toolchain.bundle;

import org.jspecify.annotations.NullMarked;

/** Running compiled programs in tests. */
@NullMarked
package dev.raya.compiler.run;

import org.jspecify.annotations.NullMarked;

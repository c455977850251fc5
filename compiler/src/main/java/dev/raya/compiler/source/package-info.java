/** Source text: files, positions and spans (language.md 1.1). */
@NullMarked
package dev.raya.compiler.source;

import org.jspecify.annotations.NullMarked;

/** Many files of the static tree in one answer (registry.md 1.5). */
@NullMarked
package dev.raya.registry.batch;

import org.jspecify.annotations.NullMarked;

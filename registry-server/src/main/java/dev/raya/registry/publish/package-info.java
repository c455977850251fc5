/** Publishing a version, step by step (spec: registry.md 1.3). */
@NullMarked
package dev.raya.registry.publish;

import org.jspecify.annotations.NullMarked;

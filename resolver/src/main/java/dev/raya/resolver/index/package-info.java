/** The registry's index documents and configuration (registry.md section 1.4). */
@NullMarked
package dev.raya.resolver.index;

import org.jspecify.annotations.NullMarked;

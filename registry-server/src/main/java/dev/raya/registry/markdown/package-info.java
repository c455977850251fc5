/** READMEs as safe HTML. */
@NullMarked
package dev.raya.registry.markdown;

import org.jspecify.annotations.NullMarked;

/** {@code metadata.json} of a package archive (packages.md section 5). */
@NullMarked
package dev.raya.resolver.metadata;

import org.jspecify.annotations.NullMarked;

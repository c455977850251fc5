/** Package names, module paths and import specifiers (packages.md section 1). */
@NullMarked
package dev.raya.resolver.name;

import org.jspecify.annotations.NullMarked;

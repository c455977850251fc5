/** The manifest {@code raya.toml}: reader, editor and digest (packages.md section 2). */
@NullMarked
package dev.raya.resolver.manifest;

import org.jspecify.annotations.NullMarked;

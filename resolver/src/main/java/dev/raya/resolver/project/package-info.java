/**
 * From manifests and index documents to a resolution and its lockfile (packages.md sections 3, 4
 * and 8).
 */
@NullMarked
package dev.raya.resolver.project;

import org.jspecify.annotations.NullMarked;

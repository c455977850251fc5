/**
 * The lockfile {@code raya.lock}: codec and the check that it follows from the manifest
 * (packages.md section 4).
 */
@NullMarked
package dev.raya.resolver.lock;

import org.jspecify.annotations.NullMarked;

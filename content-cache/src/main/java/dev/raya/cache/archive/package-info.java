/**
 * Package archives and toolchain bundles: one Zstandard frame around one tar archive, written
 * deterministically and read as if every byte were hostile (spec: packages.md section 5; the
 * security vectors' "Archive reading, precisely").
 *
 * <p>The tar reader and the frame checks are our own: general libraries accept what two readers
 * would understand differently. Only the Zstandard codec itself is a library (zstd-jni), and it
 * does not leave this package.
 */
@NullMarked
package dev.raya.cache.archive;

import org.jspecify.annotations.NullMarked;

/**
 * Kits: a lockfile's whole closure as one file (`cache export`, `cache import`) or as a folder of
 * the project (`vendor`).
 */
@NullMarked
package dev.raya.cli.pm.kit;

import org.jspecify.annotations.NullMarked;

/** Packing, signing and uploading a version. */
@NullMarked
package dev.raya.cli.pm.publish;

import org.jspecify.annotations.NullMarked;

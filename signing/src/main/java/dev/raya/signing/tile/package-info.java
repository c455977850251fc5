/** A transparency log as static files (C2SP tlog-tiles): written, read and proved from. */
@NullMarked
package dev.raya.signing.tile;

import org.jspecify.annotations.NullMarked;

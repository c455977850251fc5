/** Tests of documentation. */
@NullMarked
package dev.raya.compiler.doc;

import org.jspecify.annotations.NullMarked;

/** Tests of types and symbols. */
@NullMarked
package dev.raya.compiler.types;

import org.jspecify.annotations.NullMarked;

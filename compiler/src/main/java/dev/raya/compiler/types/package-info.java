/** Types, symbols and their relations: assignability, unions, substitution (language.md 3, 12). */
@NullMarked
package dev.raya.compiler.types;

import org.jspecify.annotations.NullMarked;

/**
 * An oracle for resolver problems ({@code data/resolver/FORMAT.md}) that shares no class with the
 * product: it reads the text of a problem and of an answer by itself and decides by SAT4J.
 */
@NullMarked
package dev.raya.resolver.oracle;

import org.jspecify.annotations.NullMarked;

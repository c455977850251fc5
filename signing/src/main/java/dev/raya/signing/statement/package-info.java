/** What a publisher signs: an in-toto statement about one version. */
@NullMarked
package dev.raya.signing.statement;

import org.jspecify.annotations.NullMarked;

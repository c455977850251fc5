/** What users do and what goes wrong for them, as real processes against a real registry. */
@NullMarked
package dev.raya.integration.journey;

import org.jspecify.annotations.NullMarked;

/** The one registry of error codes, held against the code. */
@NullMarked
package dev.raya.integration.codes;

import org.jspecify.annotations.NullMarked;

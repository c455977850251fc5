/** The end-to-end story that {@code ./demo} tells, with nothing but the programs a user has. */
@NullMarked
package dev.raya.integration.demo;

import org.jspecify.annotations.NullMarked;

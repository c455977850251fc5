/** The style of the tree, as tests. */
@NullMarked
package dev.raya.integration.tidy;

import org.jspecify.annotations.NullMarked;

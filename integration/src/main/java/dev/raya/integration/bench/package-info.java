/** Whole commands against their peers: ratios of medians from interleaved runs. */
@NullMarked
package dev.raya.integration.bench;

import org.jspecify.annotations.NullMarked;

/** First contact with a registry, and what every read of one is checked against (security.md). */
@NullMarked
package dev.raya.cli.pm.trust;

import org.jspecify.annotations.NullMarked;

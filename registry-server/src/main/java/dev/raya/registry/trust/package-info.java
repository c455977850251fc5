/** What makes a registry believed: its keys, TUF repository and log. */
@NullMarked
package dev.raya.registry.trust;

import org.jspecify.annotations.NullMarked;

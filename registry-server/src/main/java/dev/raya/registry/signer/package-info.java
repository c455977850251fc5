/** The process that holds the online keys, and how the web server speaks to it. */
@NullMarked
package dev.raya.registry.signer;

import org.jspecify.annotations.NullMarked;

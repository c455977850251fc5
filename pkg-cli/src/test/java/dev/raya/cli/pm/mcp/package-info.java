/** Tests of {@code mcp serve}. */
@NullMarked
package dev.raya.cli.pm.mcp;

import org.jspecify.annotations.NullMarked;

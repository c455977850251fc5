/**
 * {@code mcp serve}: commands of {@code raya-pm} as tools of the Model Context Protocol, on
 * standard input and output (decision 0290).
 */
@NullMarked
package dev.raya.cli.pm.mcp;

import org.jspecify.annotations.NullMarked;

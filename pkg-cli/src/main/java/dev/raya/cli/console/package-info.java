/**
 * What the three programs share: streams and environment given explicitly, the declarative argument
 * parser, text output with colour and progress, the JSON envelope and its reduction to a token
 * budget, exit codes, {@code explain} and the report of an internal fault (cli.md 1).
 */
@NullMarked
package dev.raya.cli.console;

import org.jspecify.annotations.NullMarked;

/**
 * Completion of command lines by shells: scripts made from the declarations of the commands, so
 * that pressing Tab starts no program.
 */
@NullMarked
package dev.raya.cli.console.shell;

import org.jspecify.annotations.NullMarked;

/** The commands, one class each. */
@NullMarked
package dev.raya.cli.pm.command;

import org.jspecify.annotations.NullMarked;

/**
 * Settings of raya-pm: flag, environment, project, user file, default (cli.md 6), and the layout of
 * RAYA_HOME.
 */
@NullMarked
package dev.raya.cli.pm.settings;

import org.jspecify.annotations.NullMarked;

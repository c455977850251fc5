/**
 * Git dependencies: addresses, mirrors and what a commit holds. JGit is used here and only here.
 */
@NullMarked
package dev.raya.cli.pm.fetch.git;

import org.jspecify.annotations.NullMarked;

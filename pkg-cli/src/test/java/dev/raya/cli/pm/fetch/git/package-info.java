/** Tests of git dependencies, with repositories made by JGit. */
@NullMarked
package dev.raya.cli.pm.fetch.git;

import org.jspecify.annotations.NullMarked;

/**
 * What the tests of raya-pm share: a registry double made of real documents, a toolchain whose
 * compiler writes real bytecode, and whole programs run in this process.
 */
@NullMarked
package dev.raya.cli.pm.testing;

import org.jspecify.annotations.NullMarked;

/**
 * {@code raya-pm conformance}: thin doors to the classes that install and verify use, for suites of
 * test vectors. Nothing in here decides anything.
 */
@NullMarked
package dev.raya.cli.pm.conformance;

import org.jspecify.annotations.NullMarked;

/** Security advisories in the OSV format: kept, served, and compared with lockfiles. */
@NullMarked
package dev.raya.registry.advisory;

import org.jspecify.annotations.NullMarked;

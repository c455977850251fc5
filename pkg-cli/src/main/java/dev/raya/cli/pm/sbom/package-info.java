/** Bills of materials of a locked project, in the formats others read. */
@NullMarked
package dev.raya.cli.pm.sbom;

import org.jspecify.annotations.NullMarked;

/** The Update Framework: signed, fresh metadata of a registry (security.md, "Roots"). */
@NullMarked
package dev.raya.tuf;

import org.jspecify.annotations.NullMarked;

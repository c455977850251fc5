/** The repository side of TUF: a registry's roles, who signs them, and when they are renewed. */
@NullMarked
package dev.raya.tuf.repository;

import org.jspecify.annotations.NullMarked;

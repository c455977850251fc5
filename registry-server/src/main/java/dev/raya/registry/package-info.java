/** The registry server: one process that takes, keeps, proves and serves packages. */
@NullMarked
package dev.raya.registry;

import org.jspecify.annotations.NullMarked;

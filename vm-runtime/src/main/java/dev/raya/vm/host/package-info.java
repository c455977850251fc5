/**
 * The world outside as programs see it, and what of it an embedder gives: files, processes, HTTP
 * (stdlib.md 9, 11, 12), on the JDK.
 */
@NullMarked
package dev.raya.vm.host;

import org.jspecify.annotations.NullMarked;

/** Regular expressions: ECMAScript patterns, matched with a bound on the work (stdlib.md 2.9). */
@NullMarked
package dev.raya.vm.regexp;

import org.jspecify.annotations.NullMarked;

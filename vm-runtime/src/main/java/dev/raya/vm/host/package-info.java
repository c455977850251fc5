/** The system as programs see it: files, processes, HTTP (stdlib.md 9, 11, 12), on the JDK. */
@NullMarked
package dev.raya.vm.host;

import org.jspecify.annotations.NullMarked;

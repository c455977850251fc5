/** HTTP/1.1 over sockets that are kept open: what a package manager needs of it, and no more. */
@NullMarked
package dev.raya.cli.pm.http;

import org.jspecify.annotations.NullMarked;

/** What all answers have in common: problems, JSON, request ids, headers, static files. */
@NullMarked
package dev.raya.registry.http;

import org.jspecify.annotations.NullMarked;

/** Pages for people. */
@NullMarked
package dev.raya.registry.web;

import org.jspecify.annotations.NullMarked;

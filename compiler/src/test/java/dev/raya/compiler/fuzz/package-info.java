@NullMarked
package dev.raya.compiler.fuzz;

import org.jspecify.annotations.NullMarked;

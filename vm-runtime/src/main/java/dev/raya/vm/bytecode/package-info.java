/**
 * The {@code .rbin} format: instruction table, module model, reader, writer, verifier, linker,
 * disassembler and the table of built-ins. Contract: {@code rbin.md}.
 */
@NullMarked
package dev.raya.vm.bytecode;

import org.jspecify.annotations.NullMarked;

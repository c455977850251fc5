/**
 * The one registry of error codes of all Raya programs (spec: cli.md section 5): what {@code
 * explain CODE} prints, what the registry serves under {@code /help/errors/CODE}, and which exit
 * code an error has.
 *
 * <p>The texts are resources beside this package, one file an area: {@code pkg.codes}, {@code
 * res.codes}, {@code net.codes}, {@code sec.codes}, {@code reg.codes}, {@code tc.codes}, {@code
 * cli.codes}, {@code vm.codes}, {@code rbin.codes}, {@code compiler.codes}. The owner of an area
 * writes its file. UTF-8, LF, entries ascending by code where codes are numbers, and without gaps
 * in the numbers except those that cli.md has:
 *
 * <pre>
 * # A line that starts with a number sign is a comment; empty lines between entries are free.
 *
 * RAYA-PKG-008 exit 3
 * title: archive refused
 * cause:
 *   One or more lines, indented by two blanks; the indentation is taken off.
 *   An empty line inside a field is kept.
 * example:
 *   The shortest input or command that shows it, with what is printed.
 * remedy:
 *   What to do, as an instruction.
 * </pre>
 *
 * <p>{@code title} is one line: lower case, no full stop, what happened in at most 80 characters. A
 * field's text may also stand on the line of its name. All four fields are required, in this order;
 * {@code exit N} is required too (0 for warnings; cli.md sections 1 and 5).
 */
@NullMarked
package dev.raya.cache.error;

import org.jspecify.annotations.NullMarked;

/** Documentation out of sources: the model behind {@code docs.json} and a static site of it. */
@NullMarked
package dev.raya.compiler.doc;

import org.jspecify.annotations.NullMarked;

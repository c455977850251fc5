package dev.raya.compiler.check;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.syntax.Name;
import dev.raya.compiler.types.ModuleSymbol;
import java.util.List;

/** Proposes imports for names that nothing in scope has. */
@FunctionalInterface
interface ImportProposals {
  /** Proposes nothing. */
  ImportProposals NONE = (module, name) -> List.of();

  /** Edits of a module's text after which it imports the name; none if nobody exports it. */
  List<Diagnostic.Fix> of(ModuleSymbol module, Name name);
}

package dev.raya.compiler.lower;

import dev.raya.compiler.tree.CheckedModule;
import dev.raya.compiler.tree.ClassTree;
import dev.raya.compiler.tree.FunctionTree;
import dev.raya.compiler.types.ClassSymbol;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Symbol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The classes declared in functions and blocks (language.md 8.2), with what is known of the body
 * around each. Their instances hold the variables that their members use, as closures do, in
 * private fields that have no name in the language; who constructs one fills them before the
 * constructor runs. Known before anything is lowered, since the fields are part of the layout.
 */
final class LocalClasses {
  private final Map<ClassSymbol, CaptureAnalysis> around = new HashMap<>();
  private final Map<FunctionSymbol, CaptureAnalysis> inside = new HashMap<>();

  /** Finds the local classes of a module. */
  void register(CheckedModule module) {
    if (module.localClasses().isEmpty()) {
      return;
    }
    module.functions().forEach(this::register);
    for (ClassTree tree : module.classes()) {
      tree.functions().forEach(this::register);
    }
    add(CaptureAnalysis.of(module.body()));
  }

  private void register(FunctionTree tree) {
    CaptureAnalysis analysis = CaptureAnalysis.of(tree);
    if (add(analysis)) {
      inside.put(tree.symbol(), analysis);
    }
  }

  private boolean add(CaptureAnalysis analysis) {
    if (analysis.classes().isEmpty()) {
      return false;
    }
    analysis.classes().forEach(c -> around.put(c, analysis));
    analysis.members().forEach(m -> inside.put(m, analysis));
    analysis.nestedFunctions().keySet().forEach(f -> inside.put(f, analysis));
    return true;
  }

  /** The analysis of the outermost body that a function is in, or null if that has no classes. */
  @Nullable CaptureAnalysis of(FunctionSymbol function) {
    return inside.get(function);
  }

  /** The analysis of the outermost body that a local class is in. */
  CaptureAnalysis around(ClassSymbol symbol) {
    CaptureAnalysis known = around.get(symbol);
    if (known == null) {
      throw new IllegalStateException(symbol + " is not in a body");
    }
    return known;
  }

  /** What instances of a class hold themselves; see {@link CaptureAnalysis#held}. */
  List<Symbol> held(ClassSymbol symbol) {
    return symbol.isLocal() ? around(symbol).held(symbol) : List.of();
  }
}

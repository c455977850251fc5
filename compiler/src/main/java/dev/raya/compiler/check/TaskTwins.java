package dev.raya.compiler.check;

import dev.raya.compiler.tree.Callee;
import dev.raya.compiler.types.FunctionSymbol;
import dev.raya.compiler.types.Symbol;
import dev.raya.compiler.types.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code raya:test} whose body may give a Task that is awaited (stdlib.md 6). No
 * type says "a Task or something else", so each of them has a twin with {@code $task} in its name
 * for bodies that give one; a call means the twin if the last type argument is a Task.
 */
final class TaskTwins {
  private static final String MODULE = "raya:test";
  private static final String SUFFIX = "$task";
  private static final String OF_NOTHING_MODULE = "raya:std";
  private static final String OF_NOTHING_PREFIX = "$";

  private TaskTwins() {}

  /**
   * The twin, with {@code $} before its name, of a function of {@code raya:std} whose result would
   * hold values of type void: {@code all} of Tasks that give nothing. It holds null in their place.
   */
  static @Nullable Symbol ofNothing(FunctionSymbol function) {
    return function.module().id().packageName().equals(OF_NOTHING_MODULE)
        ? function.module().export(OF_NOTHING_PREFIX + function.name())
        : null;
  }

  /** The twin that a call means, or null if it means the function itself. */
  static Callee.@Nullable Direct of(
      FunctionSymbol function, List<Type> typeArguments, Library library) {
    if (typeArguments.isEmpty() || !function.module().id().path().equals(MODULE)) {
      return null;
    }
    Symbol twin = function.module().export(function.name() + SUFFIX);
    if (twin instanceof FunctionSymbol f
        && typeArguments.getLast() instanceof Type.ClassInstance task
        && library.isTask(task)) {
      List<Type> arguments = new java.util.ArrayList<>(typeArguments);
      arguments.set(arguments.size() - 1, task.arguments().getFirst());
      return new Callee.Direct(f, arguments);
    }
    return null;
  }
}

package dev.raya.vm.interp;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.StackTrace;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the traces of errors (vm.md 6). */
final class Traces {
  private Traces() {}

  /**
   * Returns the frames of a task, innermost first.
   *
   * @param made the error being constructed, whose own constructors are left out; null for none
   */
  static StackTrace of(RTask task, @Nullable RError made) {
    RFunction[] functions = new RFunction[16];
    int[] offsets = new int[16];
    int n = 0;
    int omitted = 0;
    boolean top = true;
    for (Frame f = Frame.top(task); f != null; f = f.caller) {
      int place = top ? f.pc : f.pc - 1;
      top = false;
      boolean constructor = (f.body.function.flags & FunctionDef.CONSTRUCTOR) != 0;
      if ((made != null && n == 0 && constructor && f.r[0] == made) || f.body.function.index < 0) {
        continue;
      }
      if (n == StackTrace.MAX) {
        omitted++;
        continue;
      }
      if (n == functions.length) {
        functions = Arrays.copyOf(functions, n * 2);
        offsets = Arrays.copyOf(offsets, n * 2);
      }
      functions[n] = f.body.function;
      offsets[n++] = f.body.offsetOf(place);
    }
    return new StackTrace(
        Arrays.copyOf(functions, n), Arrays.copyOf(offsets, n), omitted, List.of());
  }
}

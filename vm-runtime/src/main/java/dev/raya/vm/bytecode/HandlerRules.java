package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Ranges, order and nesting of the handlers of one function ({@code rbin.md} 3.8 and 5.2, 6). */
final class HandlerRules {
  private record Ranked(Handler handler, int rank) {}

  private final int function;

  private HandlerRules(int function) {
    this.function = function;
  }

  static void check(FunctionDef definition, BitSet boundaries, int function) throws RbinException {
    new HandlerRules(function).check(definition, boundaries);
  }

  private void check(FunctionDef definition, BitSet boundaries) throws RbinException {
    int length = definition.code().length();
    List<Ranked> order = new ArrayList<>();
    for (Handler handler : definition.handlers()) {
      boolean bounds =
          handler.start() >= 0
              && handler.start() < handler.end()
              && handler.end() <= length
              && boundaries.get(handler.start())
              && (handler.end() == length || boundaries.get(handler.end()));
      if (!bounds) {
        throw fail(handler.start(), "the range is not between instructions");
      }
      int target = handler.target();
      if (target < 0 || target >= length || !boundaries.get(target)) {
        throw fail(target, "the target is no instruction");
      }
      if (target >= handler.start() && target < handler.end()) {
        throw fail(target, "the target lies in its own range");
      }
      order.add(new Ranked(handler, order.size()));
    }
    order.sort(
        Comparator.comparingInt((Ranked r) -> r.handler().start())
            .thenComparing(r -> r.handler().end(), Comparator.reverseOrder())
            .thenComparing(Ranked::rank, Comparator.reverseOrder()));
    Deque<Ranked> open = new ArrayDeque<>();
    for (Ranked inner : order) {
      while (!open.isEmpty() && open.peek().handler().end() <= inner.handler().start()) {
        open.pop();
      }
      Ranked outer = open.peek();
      if (outer != null) {
        if (inner.handler().end() > outer.handler().end()) {
          throw fail(inner.handler().start(), "ranges overlap without nesting");
        }
        if (inner.rank() > outer.rank()) {
          throw fail(inner.handler().start(), "an outer handler stands before an inner one");
        }
      }
      open.push(inner);
      if (open.size() > RbinFormat.MAX_HANDLER_NESTING) {
        throw new RbinException(
            RbinErrorKind.LIMIT_EXCEEDED,
            "CODE",
            function,
            inner.handler().start(),
            "handlers nested deeper than " + RbinFormat.MAX_HANDLER_NESTING);
      }
    }
  }

  private RbinException fail(int offset, String detail) {
    return new RbinException(RbinErrorKind.BAD_HANDLER, "CODE", function, offset, detail);
  }
}

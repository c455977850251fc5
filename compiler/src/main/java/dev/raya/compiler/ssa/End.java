package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Terminator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a block ends.
 *
 * @param how the kind of end; the block numbers in it mean nothing here
 * @param value what is tested, returned or thrown; null if nothing
 * @param edges where it goes on, in the order of {@link Terminator#targets()}
 */
record End(Terminator how, @Nullable Value value, List<Edge> edges) {
  End {
    edges = List.copyOf(edges);
  }

  static End jump(Edge edge) {
    return new End(new Terminator.Jump(0), null, List.of(edge));
  }

  boolean isJump() {
    return how instanceof Terminator.Jump;
  }

  End withValue(@Nullable Value other) {
    return new End(how, other, edges);
  }
}

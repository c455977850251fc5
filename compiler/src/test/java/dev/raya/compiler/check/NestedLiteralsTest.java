package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generic calls in literals in generic calls, functions that return empty arrays in one another:
 * each level is looked at a few times, not each one twice as often as that around it. What a check
 * allocates tells how much it has looked at.
 */
final class NestedLiteralsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String DECLARATIONS =
      """
      interface Box<T> { value: T; }
      interface Lazy<T> { get: () => T; }
      function wrap<T>(box: Box<T>): Box<T[]> { return { value: [box.value] }; }
      function list<T>(items: T[]): T[] { return items; }
      function pair<A, B>(entry: [A, B]): [A, B] { return entry; }
      function lazy<T>(source: Lazy<T>): T { return source.get(); }
      function call<A, B>(o: { of: A; by: (a: A) => B }): B { return o.by(o.of); }
      """;

  private static String nested(String before, String after, int depth) {
    return DECLARATIONS
        + "const x = "
        + before.repeat(depth)
        + "1"
        + after.repeat(depth)
        + ";\nconsole.log(`${x}`);\n";
  }

  private static long allocated(String program) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(Programs.check(program).diagnostics()).isEmpty();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrap({ value: |})",
        "list([|])",
        "pair([\"k\", |])",
        "lazy({ get: () => |})",
        "lazy({ get: () => list([|])[0] })",
        "wrap({ value: pair([\"k\", list([|])]) })",
        "call({ of: |, by: (a) => a })",
        "((b: boolean) => { const f = |; if (b) { return []; } return [[f].length]; })",
      })
  void workGrowsWithDepthAsLongAsItDoesWithLength(String form) {
    List<String> parts = List.of(form.split("\\|", -1));
    allocated(nested(parts.getFirst(), parts.getLast(), 2));
    long some = allocated(nested(parts.getFirst(), parts.getLast(), 8));
    long twice = allocated(nested(parts.getFirst(), parts.getLast(), 16));

    assertThat(twice).isLessThan(4 * some);
  }
}

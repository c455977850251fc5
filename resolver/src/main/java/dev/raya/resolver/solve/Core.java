package dev.raya.resolver.solve;

import java.util.List;

/**
 * Requirements that contradict each other.
 *
 * @param needs the requirements, those of the project first
 * @param minimal whether each is known to be indispensable: without it there is a solution
 */
public record Core(List<CoreNeed> needs, boolean minimal) {
  /** Copies the list in. */
  public Core {
    needs = List.copyOf(needs);
  }
}

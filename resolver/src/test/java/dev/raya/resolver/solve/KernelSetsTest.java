package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel draws from sets of ranks without having their clauses. */
final class KernelSetsTest {
  private static final int RANKS = 150;

  private final Kernel kernel =
      new Kernel(
          new Kernel.Watcher() {
            @Override
            public void open(int domain) {}

            @Override
            public void chosen(int domain) {}
          });

  private final int domain = kernel.addDomain(RANKS);

  private static BitSet randomSet(Random random) {
    BitSet set = new BitSet();
    int from = random.nextInt(RANKS);
    int to = from + 1 + random.nextInt(RANKS - from);
    boolean gaps = random.nextBoolean();
    for (int rank = from; rank < to; rank++) {
      set.set(rank, rank == from || !gaps || random.nextBoolean());
    }
    return set;
  }

  private void exclude(int rank) {
    kernel.decide(kernel.rankLiteral(domain, rank) ^ 1);
    assertThat(kernel.propagate()).isEqualTo(Kernel.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aSetIsFalseAsSoonAsEachOfItsRanksIsAndOnlyAsLong(long seed) {
    Random random = new Random(seed);
    List<BitSet> sets = new ArrayList<>();
    List<Integer> literals = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      order.add(rank);
    }
    for (int round = 0; round < 4; round++) {
      Collections.shuffle(order, random);
      BitSet possible = new BitSet();
      possible.set(0, RANKS);
      for (int rank : order.subList(0, RANKS - 2)) {
        if (random.nextInt(3) == 0) {
          BitSet set = randomSet(random);
          int literal = kernel.addSet(domain, RankSet.of(set), Domains.WITHIN);
          sets.add(set);
          literals.add(literal);
        }
        exclude(rank);
        possible.clear(rank);
        for (int i = 0; i < sets.size(); i++) {
          assertThat(kernel.isFalse(literals.get(i)))
              .as("%s of %s", sets.get(i), possible)
              .isEqualTo(!sets.get(i).intersects(possible));
          assertThat(kernel.isTrue(literals.get(i))).isFalse();
        }
      }
      kernel.restart();
      for (int literal : literals) {
        assertThat(kernel.isFalse(literal)).isFalse();
      }
    }
  }

  @Test
  void theLastRankOfASetThatHoldsIsChosen() {
    BitSet set = new BitSet();
    set.set(3);
    set.set(70, 73);
    int literal = kernel.addSet(domain, RankSet.of(set), Domains.WITHIN);
    for (int round = 0; round < 2; round++) {
      exclude(71);
      kernel.decide(literal);
      assertThat(kernel.propagate()).isEqualTo(Kernel.NONE);
      assertThat(kernel.isTrue(kernel.presenceLiteral(domain))).isTrue();
      for (int rank = 0; rank < RANKS; rank++) {
        boolean possible = set.get(rank) && rank != 71;
        assertThat(kernel.isFalse(kernel.rankLiteral(domain, rank))).isEqualTo(!possible);
      }
      exclude(3);
      exclude(72);
      assertThat(kernel.isTrue(kernel.rankLiteral(domain, 70))).isTrue();
      kernel.restart();
    }
  }

  @Test
  void aClauseIsWrittenOnceItsSetHolds() {
    int before = endOfClauses();
    List<Integer> literals = new ArrayList<>();
    for (int rank = 0; rank + 50 < RANKS; rank++) {
      BitSet set = new BitSet();
      set.set(rank, rank + 50);
      literals.add(kernel.addSet(domain, RankSet.of(set), Domains.WITHIN));
    }
    int small = endOfClauses() - before;
    assertThat(small).isLessThan(10);
    for (int round = 0; round < 3; round++) {
      kernel.decide(literals.get(7));
      assertThat(kernel.propagate()).isEqualTo(Kernel.NONE);
      kernel.restart();
    }
    assertThat(endOfClauses() - before - 2 * small).isBetween(51, 60);
  }

  /** Where the next clause will begin. */
  private int endOfClauses() {
    return kernel.clauses.add(new int[] {0, 2}, 2, Clauses.STRUCTURE, false, 0);
  }

  @Test
  void whatIsLearntFromAnEmptySetNamesItsRanks() {
    BitSet set = new BitSet();
    set.set(10, 13);
    int literal = kernel.addSet(domain, RankSet.of(set), Domains.WITHIN);
    int other = kernel.addDomain(1);
    int needing = kernel.rankLiteral(other, 0);
    kernel.addClause(new int[] {needing ^ 1, literal}, 2, Proof.fact(0));
    exclude(10);
    exclude(20);
    exclude(11);
    exclude(12);
    assertThat(kernel.isFalse(needing)).isTrue();
    Ints reasons = new Ints();
    kernel.addReasons(literal >> 1, reasons);
    assertThat(reasons.toArray())
        .containsExactly(
            kernel.rankLiteral(domain, 10) >> 1,
            kernel.rankLiteral(domain, 11) >> 1,
            kernel.rankLiteral(domain, 12) >> 1);
    kernel.addClause(new int[] {needing, kernel.rankLiteral(domain, 12)}, 2, Proof.fact(1));
    int conflict = kernel.propagate();
    assertThat(conflict).isNotEqualTo(Kernel.NONE);
    assertThat(kernel.resolve(conflict)).isTrue();
    assertThat(kernel.level()).isEqualTo(3);
    assertThat(kernel.isTrue(kernel.rankLiteral(domain, 12))).isTrue();
  }
}

package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flat structures of the search, each beside a plain model of what it stands for. */
final class SearchStructuresTest {
  private static final int CONFLICTS = 12_000;

  private final Random random = new Random(20_261_129);

  @Test
  void heapGivesTheMostActiveVariableAndOfEqualsTheLowest() {
    ActivityHeap heap = new ActivityHeap();
    double[] activity = new double[300];
    double bump = 1;
    TreeSet<Integer> inside =
        new TreeSet<>(
            Comparator.<Integer>comparingDouble(v -> -activity[v])
                .thenComparing(Comparator.naturalOrder()));
    for (int v = 0; v < activity.length; v++) {
      heap.add();
      assertThat(heap.activity(v)).isZero();
    }
    assertThat(heap.isEmpty()).isTrue();
    for (int step = 0; step < 60_000; step++) {
      int v = random.nextInt(activity.length);
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          heap.insert(v);
          inside.add(v);
        }
        case 2 -> {
          boolean had = inside.remove(v);
          activity[v] += bump;
          if (had) {
            inside.add(v);
          }
          heap.raise(v);
          assertThat(heap.activity(v)).isEqualTo(activity[v]);
        }
        case 3 -> {
          assertThat(heap.isEmpty()).isEqualTo(inside.isEmpty());
          if (!inside.isEmpty()) {
            assertThat(heap.pop()).isEqualTo(inside.removeFirst());
          }
        }
        default -> {
          if (step % 400 == 0) {
            heap.decay();
            bump *= 1 / 0.95;
          }
        }
      }
    }
    while (!inside.isEmpty()) {
      assertThat(heap.pop()).isEqualTo(inside.removeFirst());
    }
    assertThat(heap.isEmpty()).isTrue();
  }

  @Test
  void activitiesAreScaledDownBeforeTheyOverflowAndKeepTheirOrder() {
    ActivityHeap heap = new ActivityHeap();
    for (int v = 0; v < 3; v++) {
      heap.add();
      heap.insert(v);
    }
    heap.raise(0);
    for (int i = 0; i < 20_000; i++) {
      heap.decay();
      heap.raise(i % 5 == 0 ? 2 : 1);
      assertThat(heap.activity(1) + heap.activity(2)).isFinite().isLessThan(3e100);
    }
    assertThat(heap.activity(0)).isLessThan(1e-300);
    assertThat(IntStream.of(heap.pop(), heap.pop(), heap.pop())).containsExactly(1, 2, 0);
  }

  @Test
  void aRaiseThatPassesTheLimitDividesEveryActivityAndTheNextRaise() {
    ActivityHeap heap = new ActivityHeap();
    heap.add();
    heap.add();
    heap.raise(1);
    int decays = (int) Math.ceil(Math.log(1e100) / Math.log(1 / 0.95));
    double bump = 1;
    for (int i = 0; i < decays; i++) {
      heap.decay();
      bump *= 1 / 0.95;
    }
    heap.raise(0);
    assertThat(heap.activity(0)).isEqualTo(bump / 1e100);
    assertThat(heap.activity(1)).isEqualTo(1 / 1e100);
    heap.raise(1);
    assertThat(heap.activity(1)).isEqualTo(1 / 1e100 + bump / 1e100);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 127, 128, 129, 1000})
  void rankSetsAreSetsOfRanks(int universe) {
    BitSet model = new BitSet();
    BitSet other = new BitSet();
    RankSet.Builder builder = new RankSet.Builder();
    for (int rank = 0; rank < universe; rank++) {
      if (random.nextBoolean()) {
        model.set(rank);
        builder.add(rank);
      }
      other.set(rank, random.nextInt(3) == 0);
    }
    RankSet set = builder.build();
    assertSame(set, model, universe);
    assertThat(RankSet.of(model)).isEqualTo(set).hasSameHashCodeAs(set);
    RankSet second = RankSet.of(other);

    BitSet both = (BitSet) model.clone();
    both.and(other);
    assertSame(set.and(second), both, universe);
    BitSet difference = (BitSet) model.clone();
    difference.andNot(other);
    assertSame(set.minus(second), difference, universe);
    assertSame(set, model, universe);

    BitSet all = new BitSet();
    all.set(0, universe);
    assertSame(RankSet.full(universe), all, universe);
    assertSame(RankSet.empty(), new BitSet(), universe);
    assertThat(RankSet.empty().isEmpty()).isTrue();
    assertThat(RankSet.full(universe).isEmpty()).isFalse();
    for (int rank = 0; rank < universe; rank++) {
      BitSet one = new BitSet();
      one.set(rank);
      RankSet single = RankSet.of(rank);
      assertSame(single, one, universe);
      assertThat(single.isEmpty()).isFalse();
      assertThat(single.hashCode()).isNotEqualTo(RankSet.empty().hashCode());
      assertThat(single).isNotEqualTo(RankSet.empty());
    }
    assertThat(set).isNotEqualTo(model);
  }

  @Test
  void aSetWithoutGapsIsKnownAsOneHoweverItCameAbout() {
    for (int round = 0; round < 500; round++) {
      BitSet model = new BitSet();
      BitSet other = new BitSet();
      int from = random.nextInt(300);
      int to = from + 1 + random.nextInt(200);
      model.set(from, to);
      other.set(random.nextInt(300), 300 + random.nextInt(200));
      RankSet set = RankSet.of(model);
      assertSame(set, model, 500);
      assertThat(set.isInterval()).isTrue();
      assertThat(set.highest()).isEqualTo(to - 1);
      RankSet.Builder builder = new RankSet.Builder();
      model.stream().forEach(builder::add);
      assertThat(builder.build()).isEqualTo(set).hasSameHashCodeAs(set);
      BitSet both = (BitSet) model.clone();
      both.and(other);
      assertSame(set.and(RankSet.of(other)), both, 500);
      assertThat(set.and(RankSet.of(other))).isEqualTo(RankSet.of(both));
      BitSet difference = (BitSet) model.clone();
      difference.andNot(other);
      assertSame(set.minus(RankSet.of(other)), difference, 500);
      model.clear(from + (to - from) / 2);
      assertThat(RankSet.of(model)).isNotEqualTo(set);
      assertThat(RankSet.of(model).isInterval()).isEqualTo(to - from < 3);
    }
  }

  @Test
  void whatABuilderAddsLaterIsNotInTheSetsItBuilt() {
    RankSet.Builder builder = new RankSet.Builder();
    builder.add(3);
    RankSet first = builder.build();
    builder.add(4);
    assertThat(first.contains(4)).isFalse();
    assertThat(builder.build().contains(4)).isTrue();
  }

  private static void assertSame(RankSet set, BitSet model, int universe) {
    assertThat(set.lowest()).isEqualTo(model.nextSetBit(0));
    for (int rank = 0; rank < universe; rank++) {
      assertThat(set.contains(rank)).isEqualTo(model.get(rank));
      assertThat(set.next(rank)).isEqualTo(model.nextSetBit(rank));
    }
    assertThat(set.next((universe + 63) / 64 * 64)).isEqualTo(-1);
    assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
  }

  @Test
  void longsComeOutInOrder() {
    LongHeap heap = new LongHeap();
    PriorityQueue<Long> model = new PriorityQueue<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3) {
        long item = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(50);
        heap.add(item);
        model.add(item);
      } else if (!model.isEmpty()) {
        assertThat(heap.poll()).isEqualTo(model.remove());
      }
      assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
    }
    while (!model.isEmpty()) {
      assertThat(heap.poll()).isEqualTo(model.remove());
    }
    assertThat(heap.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8})
  void intsAreAList(int capacity) {
    Ints ints = new Ints(capacity);
    List<Integer> model = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          ints.add(step);
          model.add(step);
        }
        case 3 -> {
          if (!model.isEmpty()) {
            assertThat(ints.removeLast()).isEqualTo(model.removeLast());
          }
        }
        case 4 -> {
          if (!model.isEmpty()) {
            int at = random.nextInt(model.size());
            ints.set(at, -step);
            model.set(at, -step);
          }
        }
        default -> {
          if (random.nextInt(100) == 0) {
            ints.clear();
            model.clear();
          } else if (!model.isEmpty() && random.nextInt(10) == 0) {
            int to = random.nextInt(model.size());
            ints.truncate(to);
            model.subList(to, model.size()).clear();
          }
        }
      }
      assertThat(ints.size()).isEqualTo(model.size());
      assertThat(ints.isEmpty()).isEqualTo(model.isEmpty());
    }
    assertThat(ints.toArray()).containsExactly(model.stream().mapToInt(i -> i).toArray());
    for (int i = 0; i < model.size(); i++) {
      assertThat(ints.get(i)).isEqualTo(model.get(i));
    }
  }

  private record Clause(int[] literals, int number, boolean learnt, int distance) {}

  @Test
  void clausesKeepWhatTheyAreWhereverTheyMove() {
    Clauses clauses = new Clauses();
    Watches watches = new Watches();
    int literals = 700;
    watches.grow(literals);
    for (int literal = 0; literal < literals; literal++) {
      watches.open(literal);
    }
    List<Clause> model = new ArrayList<>();
    Ints places = new Ints();
    for (int round = 0; round < 12; round++) {
      for (int i = 0; i < 400; i++) {
        int[] body = random.ints(0, literals).distinct().limit(2 + random.nextInt(6)).toArray();
        int number = random.nextInt(4) == 0 ? Clauses.STRUCTURE : random.nextInt(1 << 20);
        boolean learnt = random.nextBoolean();
        int distance = learnt ? 1 + random.nextInt(30) : 0;
        int[] padded = Arrays.copyOf(body, body.length + 3);
        int place = clauses.add(padded, body.length, number, learnt, distance);
        places.add(place);
        model.add(new Clause(body, number, learnt, distance));
        boolean binary = body.length == 2;
        watches.add(body[0], binary ? ~place : place, body[1]);
        watches.add(body[1], binary ? ~place : place, body[0]);
      }
      assertKept(clauses, places, model);
      BitSet deleted = new BitSet();
      List<Clause> kept = new ArrayList<>();
      List<Integer> old = new ArrayList<>();
      for (int i = 0; i < model.size(); i++) {
        assertThat(clauses.isDeleted(places.get(i))).isFalse();
        if (model.get(i).literals().length > 2 && random.nextInt(3) == 0) {
          clauses.delete(places.get(i));
          assertThat(clauses.isDeleted(places.get(i))).isTrue();
          deleted.set(places.get(i));
        } else {
          kept.add(model.get(i));
          old.add(places.get(i));
        }
      }
      Clauses.Moved moved = clauses.compact();
      watches.move(literals, moved, deleted);
      places = new Ints();
      for (int place : old) {
        places.add(moved.place(place));
      }
      model = kept;
      assertKept(clauses, places, model);
      assertWatched(watches, places, model, literals);
    }
  }

  private static void assertKept(Clauses clauses, Ints places, List<Clause> model) {
    for (int i = 0; i < model.size(); i++) {
      Clause clause = model.get(i);
      int place = places.get(i);
      assertThat(clauses.size(place)).isEqualTo(clause.literals().length);
      assertThat(clauses.number(place)).isEqualTo(clause.number());
      assertThat(clauses.distance(place)).isEqualTo(clause.distance());
      assertThat(clauses.isLearnt(place)).isEqualTo(clause.learnt());
      int from = Clauses.literals(place);
      assertThat(Arrays.copyOfRange(clauses.words, from, from + clause.literals().length))
          .containsExactly(clause.literals());
    }
  }

  private static void assertWatched(
      Watches watches, Ints places, List<Clause> model, int literals) {
    List<List<Integer>> expected = new ArrayList<>();
    for (int literal = 0; literal < literals; literal++) {
      expected.add(new ArrayList<>());
    }
    for (int i = 0; i < model.size(); i++) {
      int[] body = model.get(i).literals();
      int place = body.length == 2 ? ~places.get(i) : places.get(i);
      expected.get(body[0]).addAll(List.of(place, body[1]));
      expected.get(body[1]).addAll(List.of(place, body[0]));
    }
    for (int literal = 0; literal < literals; literal++) {
      assertThat(Arrays.stream(watches.lists[literal], 0, watches.sizes[literal]).boxed())
          .as("watches of %d", literal)
          .containsExactlyElementsOf(expected.get(literal));
    }
  }

  @Test
  void aClauseRemembersItsUseOnceAndTheLeastOfItsDistances() {
    Clauses clauses = new Clauses();
    int place = clauses.add(new int[] {2, 5, 8}, 3, 7, true, 9);
    assertThat(clauses.wasUsed(place)).isFalse();
    clauses.use(place, 4);
    assertThat(clauses.distance(place)).isEqualTo(4);
    clauses.use(place, 6);
    assertThat(clauses.distance(place)).isEqualTo(4);
    assertThat(clauses.wasUsed(place)).isTrue();
    assertThat(clauses.wasUsed(place)).isFalse();
    assertThat(clauses.size(place)).isEqualTo(3);
    assertThat(clauses.isLearnt(place)).isTrue();
    assertThat(clauses.isDeleted(place)).isFalse();
  }

  @Test
  void arenaTakesNoMoreThanTwiceWhatIsKept() {
    Clauses clauses = new Clauses();
    Ints places = new Ints();
    int[] body = {0, 2, 4, 6, 8};
    for (int i = 0; i < 10_000; i++) {
      places.add(clauses.add(body, body.length, i, true, 3));
    }
    for (int i = 0; i < 9_000; i++) {
      clauses.delete(places.get(i));
    }
    clauses.compact();
    assertThat(clauses.words).hasSize(2 * 1_000 * (3 + body.length));
  }

  @Test
  void watchesGrowWithoutLosingAny() {
    Watches watches = new Watches();
    watches.open(0);
    watches.add(0, 11, 3);
    watches.grow(129);
    watches.open(128);
    watches.add(128, 12, 4);
    watches.grow(5_000);
    watches.open(4_999);
    assertThat(watches.sizes[4_999]).isZero();
    assertThat(Arrays.copyOf(watches.lists[0], watches.sizes[0])).containsExactly(11, 3);
    assertThat(Arrays.copyOf(watches.lists[128], watches.sizes[128])).containsExactly(12, 4);
  }

  @Test
  void derivationsKeepTheirOrderAndAnUnendedOneIsForgotten() {
    Proof proof = new Proof();
    proof.begin();
    proof.from(Proof.fact(3));
    proof.from(Clauses.STRUCTURE);
    proof.fromVariable(4);
    int first = proof.end();
    proof.begin();
    proof.from(Proof.fact(9));
    proof.begin();
    proof.from(first);
    proof.from(Proof.fact(5));
    int second = proof.end();
    assertThat(Proof.isFact(first)).isFalse();
    assertThat(Proof.isFact(Proof.fact(3))).isTrue();
    assertThat(Proof.index(Proof.fact(3))).isEqualTo(3);
    assertThat(Proof.index(first)).isZero();
    assertThat(Proof.index(second)).isEqualTo(1);
    assertThat(proof.derivation(0)).containsExactly(Proof.fact(3), ~4);
    assertThat(proof.derivation(1)).containsExactly(first, Proof.fact(5));
    assertThat(proof.isComplete()).isTrue();
  }

  @Test
  void factsOfAProofAreThoseItsLastDerivationRestsOn() {
    Proof proof = new Proof();
    proof.begin();
    proof.from(Proof.fact(1));
    int unused = proof.end();
    proof.begin();
    proof.from(Proof.fact(2));
    proof.fromVariable(7);
    int used = proof.end();
    proof.begin();
    proof.from(used);
    proof.from(used);
    proof.from(Proof.fact(4));
    proof.end();
    BitSet facts =
        proof.facts(
            new Proof.Reasons() {
              @Override
              public int number(int variable) {
                return switch (variable) {
                  case 7 -> Proof.fact(10);
                  case 8 -> Clauses.STRUCTURE;
                  default -> Proof.fact(11);
                };
              }

              @Override
              public int[] variables(int variable) {
                return switch (variable) {
                  case 7 -> new int[] {8};
                  case 8 -> new int[] {9, 7};
                  default -> new int[0];
                };
              }
            });
    assertThat(facts.stream()).containsExactly(2, 4, 10, 11);
    assertThat(Proof.isFact(unused)).isFalse();
  }

  @Test
  void aProofThatOutgrowsItsBoundSaysSo() {
    Proof proof = new Proof();
    proof.begin();
    for (int i = 0; i < Proof.LIMIT; i++) {
      proof.from(Proof.fact(1));
    }
    assertThat(proof.isComplete()).isTrue();
    proof.from(Proof.fact(1));
    assertThat(proof.isComplete()).isFalse();
  }

  @Test
  void searchStartsOverWhenItLearnsLongerClausesThanBefore() {
    Restarts restarts = new Restarts();
    List<Integer> times = new ArrayList<>();
    for (int conflict = 1; conflict <= CONFLICTS; conflict++) {
      if (restarts.isTime(distance(conflict))) {
        times.add(conflict);
      }
    }
    assertThat(times).isEqualTo(expectedRestarts()).hasSizeGreaterThan(100);
  }

  private static int distance(int conflict) {
    return (conflict / 200) % 3 == 1 ? 20 : 4;
  }

  /** The moving averages of the class's sources, written down once more. */
  private static List<Integer> expectedRestarts() {
    List<Integer> times = new ArrayList<>();
    double late = 0;
    double all = 0;
    int last = 0;
    for (int conflict = 1; conflict <= CONFLICTS; conflict++) {
      int distance = distance(conflict);
      all += (distance - all) * Math.max(1.0 / 8192, 1.0 / (100 + conflict));
      late += (distance - late) / 32;
      if (conflict - last >= 5 && late * 0.8 > all) {
        late = all;
        last = conflict;
        times.add(conflict);
      }
    }
    return times;
  }

  @Test
  void domainsGrowWithoutForgetting() {
    Domains domains = new Domains();
    int variable = 0;
    for (int d = 0; d < 200; d++) {
      int ranks = 1 + d % 5;
      assertThat(domains.add(variable, ranks)).isEqualTo(d);
      assertThat(domains.presence(d)).isEqualTo(ranks == 1 ? variable : variable + ranks);
      domains.addMember(d, 1_000 + d);
      domains.addMember(d, 2_000 + d);
      variable += ranks + (ranks == 1 ? 0 : 1);
      domains.grow(variable);
      domains.rank[variable - 1] = d;
    }
    variable = 0;
    for (int d = 0; d < 200; d++) {
      int ranks = 1 + d % 5;
      assertThat(domains.base[d]).isEqualTo(variable);
      assertThat(domains.size[d]).isEqualTo(ranks);
      assertThat(domains.chosen[d]).isEqualTo(-1);
      assertThat(domains.present[d]).isFalse();
      assertThat(domains.members[d].toArray()).containsExactly(1_000 + d, 2_000 + d);
      variable += ranks + (ranks == 1 ? 0 : 1);
      assertThat(domains.rank[variable - 1]).isEqualTo(d);
    }
    assertThat(domains.count).isEqualTo(200);
  }
}

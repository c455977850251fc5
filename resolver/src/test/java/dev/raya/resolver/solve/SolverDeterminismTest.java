package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The answer is that of the problem, whatever the order of its parts and of the network. */
final class SolverDeterminismTest {
  private static final int PROBLEMS = 500;
  private static final int SHUFFLES = 4;

  @Test
  void orderOfInputDoesNotMatter() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      Object answer = answer(problem.request(), problem.source());
      for (int i = 0; i < SHUFFLES; i++) {
        Problem shuffled = shuffled(problem, new Random(seed * SHUFFLES + i));
        assertThat(answer(shuffled.request(), shuffled.source()))
            .as(problem.name())
            .isEqualTo(answer);
      }
    }
  }

  @Test
  void orderOfInputOfTheCollectionDoesNotMatter() {
    for (String file : Problems.FILES) {
      for (Problem problem : Problems.in(file)) {
        Problem shuffled = shuffled(problem, new Random(7));
        assertThat(answer(shuffled.request(), shuffled.source()))
            .as(problem.name())
            .isEqualTo(answer(problem.request(), problem.source()));
      }
    }
  }

  @Test
  void timeOfAnswersDoesNotMatter() {
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      Object answer = answer(problem.request(), problem.source());
      try (LateSource late = new LateSource(problem.source(), new Random(seed))) {
        assertThat(answer(problem.request(), late)).as(problem.name()).isEqualTo(answer);
      }
    }
  }

  /** What the search found, the parts of it that do not depend on the order of roots. */
  private static Object answer(SolverRequest request, CandidateSource source) {
    return switch (new Solver(request, source).solve()) {
      case Solved solved -> solved;
      case Unsolvable refuted -> CoreMinimizer.needs(refuted.refutation());
      case SolverResult.GaveUp gaveUp -> gaveUp;
    };
  }

  private static Problem shuffled(Problem problem, Random random) {
    List<String> names = shuffle(List.copyOf(problem.packages().keySet()), random);
    Map<String, List<Candidate>> packages = new LinkedHashMap<>();
    for (String name : names) {
      List<Candidate> candidates = new ArrayList<>();
      for (Candidate candidate : problem.packages().getOrDefault(name, List.of())) {
        candidates.add(shuffled(candidate, random));
      }
      packages.put(name, shuffle(candidates, random));
    }
    return new Problem(
        problem.name(),
        problem.request().withRoots(shuffle(problem.request().roots(), random)),
        packages,
        problem.expected());
  }

  private static Candidate shuffled(Candidate candidate, Random random) {
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    for (String name : shuffle(List.copyOf(candidate.features().keySet()), random)) {
      Candidate.Feature feature = candidate.features().get(name);
      if (feature != null) {
        features.put(
            name,
            new Candidate.Feature(
                shuffle(feature.needs(), random), shuffle(feature.features(), random)));
      }
    }
    return new Candidate(
        candidate.version(),
        shuffle(candidate.needs(), random),
        shuffle(candidate.constraints(), random),
        features,
        candidate.mask());
  }

  private static <T> List<T> shuffle(List<T> list, Random random) {
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** Answers from another thread, those waiting in any order. */
  private static final class LateSource implements CandidateSource, AutoCloseable {
    private final CandidateSource source;
    private final Random random;

    /** Guarded by itself: questions that wait. */
    private final List<Runnable> waiting = new ArrayList<>();

    private boolean closed;
    private final Thread thread;

    LateSource(CandidateSource source, Random random) {
      this.source = source;
      this.random = random;
      this.thread = Thread.startVirtualThread(this::run);
    }

    @Override
    public CompletableFuture<List<Candidate>> candidates(String name) {
      CompletableFuture<List<Candidate>> answer = new CompletableFuture<>();
      synchronized (waiting) {
        waiting.add(() -> answer.complete(source.candidates(name).toCompletableFuture().join()));
        waiting.notifyAll();
      }
      return answer;
    }

    private void run() {
      while (true) {
        Runnable next;
        synchronized (waiting) {
          while (waiting.isEmpty()) {
            if (closed) {
              return;
            }
            try {
              waiting.wait();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return;
            }
          }
          next = waiting.remove(random.nextInt(waiting.size()));
        }
        next.run();
      }
    }

    @Override
    public void close() {
      synchronized (waiting) {
        closed = true;
        waiting.notifyAll();
      }
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

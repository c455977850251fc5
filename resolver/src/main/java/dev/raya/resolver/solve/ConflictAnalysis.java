package dev.raya.resolver.solve;

import java.util.Arrays;

/**
 * What is learnt from a conflict: the clause of its first unique implication point (Marques-Silva
 * and Sakallah, GRASP, 1996), without the literals that follow from others. Raises the activity of
 * what took part, and keeps the proof. A part of the {@link Kernel}, whose state it reads.
 */
final class ConflictAnalysis {
  private final Kernel kernel;
  private final Ints learnt = new Ints();
  private final Ints marked = new Ints();
  private final Ints stack = new Ints();
  private final Ints used = new Ints();
  private final Ints others = new Ints();
  private byte[] seen = new byte[256];
  private int[] domainStamp = new int[64];
  private int[] levelStamp = new int[64];
  private int stamp;
  private int levelMark;
  private int paths;

  ConflictAnalysis(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Notes what a conflict rests on that is one whatever is decided. */
  void conclude(int conflict) {
    makeRoom();
    number(conflict);
    forEachLiteral(conflict, -1, 0);
  }

  /**
   * The literals of what is learnt, first the one that it will imply.
   *
   * @param top the latest level in the conflict, which is the current one
   */
  Ints learn(int conflict, int top) {
    makeRoom();
    analyse(conflict, top);
    minimise();
    unmark();
    return learnt;
  }

  private void makeRoom() {
    if (seen.length < kernel.variables) {
      seen = Arrays.copyOf(seen, kernel.variables * 2);
    }
    if (domainStamp.length < kernel.domains.count) {
      domainStamp = Arrays.copyOf(domainStamp, kernel.domains.count * 2);
    }
    if (levelStamp.length <= kernel.level()) {
      levelStamp = Arrays.copyOf(levelStamp, kernel.level() * 2 + 2);
    }
  }

  private void number(int why) {
    if (why >= 0) {
      kernel.proof.from(kernel.clauses.number(why));
    }
  }

  /** A learnt clause that is used again may span fewer levels by now, and is worth keeping. */
  private void use(int why) {
    if (why >= 0 && kernel.clauses.isLearnt(why)) {
      int before = kernel.clauses.distance(why);
      int begin = Clauses.literals(why);
      kernel.clauses.use(
          why,
          before <= 2
              ? before
              : distance(kernel.clauses.words, begin, begin + kernel.clauses.size(why)));
    }
  }

  /**
   * Marks the literals of a conflict, or of a reason without the literal it implies; counts those
   * of the top level, collects the others.
   */
  private void forEachLiteral(int why, int implied, int top) {
    if (why == Kernel.PAIR && implied < 0) {
      mark(kernel.pairA, top);
      mark(kernel.pairB, top);
      return;
    }
    if (why == Kernel.EMPTIED) {
      others.clear();
      kernel.addReasons(implied, others);
      for (int i = 0; i < others.size(); i++) {
        mark(others.get(i) * 2, top);
      }
      return;
    }
    if (why < Kernel.NONE) {
      mark((-2 - why) ^ 1, top);
      return;
    }
    int begin = Clauses.literals(why);
    int end = begin + kernel.clauses.size(why);
    for (int i = begin; i < end; i++) {
      int literal = kernel.clauses.words[i];
      if (literal >> 1 != implied) {
        mark(literal, top);
      }
    }
  }

  private void mark(int literal, int top) {
    int v = literal >> 1;
    if (seen[v] != 0) {
      return;
    }
    seen[v] = 1;
    marked.add(v);
    int at = kernel.level[v];
    if (at == 0) {
      kernel.proof.fromVariable(v);
      return;
    }
    raise(v);
    if (at == top) {
      paths++;
    } else {
      learnt.add(literal);
    }
  }

  private void raise(int v) {
    kernel.variablesByActivity.raise(v);
    if (!kernel.free) {
      int d = kernel.domains.domain[v];
      if (domainStamp[d] != stamp) {
        domainStamp[d] = stamp;
        if (kernel.domainActivity.activity(d) == 0) {
          kernel.raised.add(d);
        }
        kernel.domainActivity.raise(d);
      }
    }
  }

  /** Goes back through the reasons until one literal of the top level alone is to blame. */
  private void analyse(int conflict, int top) {
    stamp++;
    learnt.clear();
    learnt.add(0);
    paths = 0;
    int why = conflict;
    int implied = -1;
    int index = kernel.trailSize - 1;
    while (true) {
      number(why);
      use(why);
      forEachLiteral(why, implied, top);
      while (seen[kernel.trail[index] >> 1] == 0 || kernel.level[kernel.trail[index] >> 1] != top) {
        index--;
      }
      int literal = kernel.trail[index--];
      paths--;
      if (paths == 0) {
        learnt.set(0, literal ^ 1);
        return;
      }
      implied = literal >> 1;
      why = kernel.reason[implied];
    }
  }

  /** Leaves out each literal that follows from the others (Sörensson and Biere, 2009). */
  private void minimise() {
    int levels = 0;
    for (int i = 1; i < learnt.size(); i++) {
      levels |= 1 << (kernel.level[learnt.get(i) >> 1] & 31);
    }
    int kept = 1;
    for (int i = 1; i < learnt.size(); i++) {
      int literal = learnt.get(i);
      if (kernel.reason[literal >> 1] == Kernel.NONE || !follows(literal, levels)) {
        learnt.set(kept++, literal);
      }
    }
    learnt.truncate(kept);
  }

  private boolean follows(int literal, int levels) {
    stack.clear();
    used.clear();
    stack.add(literal >> 1);
    int mark = marked.size();
    while (!stack.isEmpty()) {
      int v = stack.removeLast();
      used.add(v);
      others.clear();
      kernel.addReasons(v, others);
      for (int i = 0; i < others.size(); i++) {
        int other = others.get(i);
        if (seen[other] != 0) {
          continue;
        }
        if (kernel.level[other] == 0) {
          seen[other] = 1;
          marked.add(other);
          used.add(other);
        } else if (kernel.reason[other] != Kernel.NONE
            && (levels & 1 << (kernel.level[other] & 31)) != 0) {
          seen[other] = 1;
          marked.add(other);
          stack.add(other);
        } else {
          for (int k = mark; k < marked.size(); k++) {
            seen[marked.get(k)] = 0;
          }
          marked.truncate(mark);
          return false;
        }
      }
    }
    for (int i = 0; i < used.size(); i++) {
      int v = used.get(i);
      if (kernel.level[v] == 0) {
        kernel.proof.fromVariable(v);
      } else {
        number(kernel.reason[v]);
      }
    }
    return true;
  }

  private void unmark() {
    for (int i = 0; i < marked.size(); i++) {
      seen[marked.get(i)] = 0;
    }
    marked.clear();
  }

  /** How many levels the literals last learnt span. */
  int distance() {
    return distance(learnt.toArray(), 0, learnt.size());
  }

  private int distance(int[] literals, int begin, int end) {
    levelMark++;
    int distance = 0;
    for (int i = begin; i < end; i++) {
      int at = kernel.level[literals[i] >> 1];
      if (levelStamp[at] != levelMark) {
        levelStamp[at] = levelMark;
        distance++;
      }
    }
    return distance;
  }
}

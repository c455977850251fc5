package dev.raya.vm.regexp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Turns the tree of a pattern into the instructions of {@link Matcher}. */
final class RegexCompiler {
  /** The greatest number of cells of a program; counted repetitions are written out. */
  private static final int MAX_PROGRAM = 500_000;

  private final Map<String, Integer> names;
  private final List<CharSet> sets = new ArrayList<>();
  private int[] code = new int[64];
  private int size;
  private int marks;
  private int splits;
  private boolean backward;
  private boolean pure = true;

  RegexCompiler(Map<String, Integer> names) {
    this.names = names;
  }

  Program compile(Node root, int groups, Regex.Flags flags) throws RegexSyntaxException {
    emit(Op.SAVE, 0);
    node(root);
    emit(Op.SAVE, 1);
    emit(Op.MATCH);
    return new Program(
        Arrays.copyOf(code, size),
        sets.toArray(new CharSet[0]),
        groups,
        marks,
        splits,
        pure,
        flags,
        prefix(root, flags));
  }

  /** The character that every match starts with, or −1. */
  private static int prefix(Node root, Regex.Flags flags) {
    Node first = root;
    while (first instanceof Node.Sequence s && !s.parts().isEmpty()) {
      first = s.parts().getFirst();
    }
    if (first instanceof Node.Group g) {
      return prefix(g.body(), flags);
    }
    return first instanceof Node.Char c && !flags.ignoreCase() && c.c() < 0x10000 ? c.c() : -1;
  }

  private int emit(int... cells) throws RegexSyntaxException {
    if (size + cells.length > MAX_PROGRAM) {
      throw new RegexSyntaxException("invalid regular expression: the pattern is too large", 0);
    }
    if (size + cells.length > code.length) {
      code = Arrays.copyOf(code, Math.max(code.length * 2, size + cells.length));
    }
    int start = size;
    for (int cell : cells) {
      code[size++] = cell;
    }
    return start;
  }

  private void node(Node node) throws RegexSyntaxException {
    switch (node) {
      case Node.Char c -> emit(backward ? Op.CHAR_BACK : Op.CHAR, c.c());
      case Node.Any any -> emit(backward ? Op.ANY_BACK : Op.ANY);
      case Node.OneOf one -> {
        sets.add(one.set());
        emit(backward ? Op.SET_BACK : Op.SET, sets.size() - 1);
      }
      case Node.Sequence sequence -> {
        List<Node> parts = backward ? sequence.parts().reversed() : sequence.parts();
        for (Node part : parts) {
          node(part);
        }
      }
      case Node.Choice choice -> choice(choice.options());
      case Node.Group group -> {
        emit(Op.SAVE, 2 * group.number() + (backward ? 1 : 0));
        node(group.body());
        emit(Op.SAVE, 2 * group.number() + (backward ? 0 : 1));
      }
      case Node.Repeat repeat -> repeat(repeat);
      case Node.BackReference reference -> {
        pure = false;
        int group =
            reference.name() == null ? reference.group() : names.getOrDefault(reference.name(), 0);
        emit(Op.REFERENCE, group);
      }
      case Node.Assertion assertion ->
          emit(
              switch (assertion.kind()) {
                case START -> Op.START;
                case END -> Op.END;
                case BOUNDARY -> Op.BOUNDARY;
                case NO_BOUNDARY -> Op.NO_BOUNDARY;
              });
      case Node.Look look -> {
        pure = false;
        int at = emit(look.negative() ? Op.LOOK_NOT : Op.LOOK, 0);
        boolean outer = backward;
        backward = !look.ahead();
        node(look.body());
        backward = outer;
        emit(Op.MATCH);
        code[at + 1] = size;
      }
    }
  }

  /** SPLIT first second number: tries first, then second. */
  private int split() throws RegexSyntaxException {
    return emit(Op.SPLIT, 0, 0, splits++);
  }

  private void choice(List<Node> options) throws RegexSyntaxException {
    List<Integer> ends = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      if (i + 1 < options.size()) {
        int at = split();
        code[at + 1] = size;
        node(options.get(i));
        ends.add(emit(Op.JUMP, 0));
        code[at + 2] = size;
      } else {
        node(options.get(i));
      }
    }
    for (int end : ends) {
      code[end + 1] = size;
    }
  }

  private void repeat(Node.Repeat r) throws RegexSyntaxException {
    for (int i = 0; i < r.min(); i++) {
      iteration(r, false);
    }
    if (r.max() < 0) {
      int at = split();
      int inside = size;
      iteration(r, true);
      emit(Op.JUMP, at);
      code[at + (r.greedy() ? 1 : 2)] = inside;
      code[at + (r.greedy() ? 2 : 1)] = size;
      return;
    }
    List<Integer> exits = new ArrayList<>();
    for (int i = r.min(); i < r.max(); i++) {
      int at = split();
      code[at + (r.greedy() ? 1 : 2)] = size;
      exits.add(at + (r.greedy() ? 2 : 1));
      iteration(r, true);
    }
    for (int exit : exits) {
      code[exit] = size;
    }
  }

  /** One round: its groups start unset, and one beyond the least number must not be empty. */
  private void iteration(Node.Repeat r, boolean optional) throws RegexSyntaxException {
    if (r.to() > r.from()) {
      emit(Op.RESET, r.from(), r.to());
    }
    boolean check = optional && mayBeEmpty(r.body());
    int mark = check ? marks++ : 0;
    if (check) {
      emit(Op.MARK, mark);
    }
    node(r.body());
    if (check) {
      emit(Op.MOVED, mark);
    }
  }

  private static boolean mayBeEmpty(Node node) {
    return switch (node) {
      case Node.Char c -> false;
      case Node.Any any -> false;
      case Node.OneOf one -> false;
      case Node.Sequence s -> s.parts().stream().allMatch(RegexCompiler::mayBeEmpty);
      case Node.Choice c -> c.options().stream().anyMatch(RegexCompiler::mayBeEmpty);
      case Node.Group g -> mayBeEmpty(g.body());
      case Node.Repeat r -> r.min() == 0 || mayBeEmpty(r.body());
      case Node.BackReference b -> true;
      case Node.Assertion a -> true;
      case Node.Look l -> true;
    };
  }
}

package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Handler;
import dev.raya.vm.bytecode.RbinModule.StackMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The second half of the code check ({@code rbin.md} 5.2, 3 to 6): one walk in address order with
 * an abstract stack. The state at a leader is declared (a stack map, a handler's class, or empty),
 * so every instruction is visited once and unreachable code is checked like the rest.
 *
 * <p>In inferring mode, which {@link RbinBuilder} uses, the maps are not given: the state at a
 * forward jump target is the join of the states that reach it before the walk does.
 */
final class CodeChecker {
  /** A state at a leader: types with notes on unfilled values. */
  private static final class State {
    final int[] types;
    final long[] notes;
    final BitSet unfilled = new BitSet();

    State(int[] types, long[] notes) {
      this.types = types;
      this.notes = notes;
      for (int i = 0; i < types.length; i++) {
        unfilled.set(i, types[i] < 0);
      }
    }
  }

  private static final int MAX_STEPS_PER_BYTE = 64;

  private static final State EMPTY = new State(new int[0], new long[0]);

  private final ModuleSymbols symbols;
  private final Assignability assignability;
  private final BuiltinTyping builtins;
  private final FunctionDef function;
  private final int index;
  private final boolean inferring;
  private final Code code;
  private final CodeScan scan;
  private final OperandStack stack;
  private final InstructionRules rules;
  private final CallRules calls;
  private final Map<Integer, State> states = new HashMap<>();
  private final Map<Integer, Integer> handlerTypes = new HashMap<>();
  private final BitSet protectedRanges = new BitSet();
  private long comparisons;

  private CodeChecker(
      ModuleSymbols symbols,
      Assignability assignability,
      BuiltinTyping builtins,
      int index,
      boolean inferring)
      throws RbinException {
    this.symbols = symbols;
    this.assignability = assignability;
    this.builtins = builtins;
    this.function = symbols.module().functions().get(index);
    this.index = index;
    this.inferring = inferring;
    this.code = function.code();
    this.scan = CodeScan.of(function, index);
    int limit = inferring ? RbinFormat.MAX_STACK : function.maxStack();
    this.stack = new OperandStack(symbols, assignability, index, limit);
    this.rules = new InstructionRules(symbols, assignability, builtins, function, stack);
    this.calls = new CallRules(symbols, assignability, builtins, function, stack);
  }

  /**
   * Checks one function.
   *
   * @param index local index of the function
   * @param observer sees every stack, or null
   */
  static void check(
      ModuleSymbols symbols,
      Assignability assignability,
      BuiltinTyping builtins,
      int index,
      @Nullable StackObserver observer)
      throws RbinException {
    CodeChecker checker = new CodeChecker(symbols, assignability, builtins, index, false);
    checker.prepare();
    checker.walk(observer);
    checker.requireExactCounts();
  }

  /** What inferring mode finds out. */
  record Inferred(int maxStack, int cost, List<StackMap> maps) {}

  /** Works out maxStack, cost and stack maps of one function whose definition has none. */
  static Inferred infer(
      ModuleSymbols symbols, Assignability assignability, BuiltinTyping builtins, int index)
      throws RbinException {
    CodeChecker checker = new CodeChecker(symbols, assignability, builtins, index, true);
    checker.prepare();
    checker.walk(null);
    List<StackMap> maps = new ArrayList<>();
    for (Map.Entry<Integer, State> entry : new TreeMap<>(checker.states).entrySet()) {
      if (entry.getValue().types.length > 0 && checker.scan.jumpTargets.get(entry.getKey())) {
        List<Integer> types = new ArrayList<>();
        for (int type : entry.getValue().types) {
          types.add(type);
        }
        maps.add(new StackMap(entry.getKey(), types));
      }
    }
    return new Inferred(checker.stack.deepest, checker.scan.count, maps);
  }

  private void prepare() throws RbinException {
    HandlerRules.check(function, scan.boundaries, index);
    Handler last = null;
    for (Handler handler : function.handlers()) {
      if (last == null || last.start() != handler.start() || last.end() != handler.end()) {
        protectedRanges.set(handler.start(), handler.end());
      }
      last = handler;
      int type = caughtType(handler);
      Integer other = handlerTypes.put(handler.target(), type);
      if (other != null && other != type) {
        stack.offset = handler.target();
        throw stack.fail(RbinErrorKind.MERGE_MISMATCH, "handlers of two classes share a target");
      }
    }
    if (!inferring) {
      for (StackMap map : function.stackMaps()) {
        declare(map);
      }
    }
    for (Map.Entry<Integer, Integer> entry : handlerTypes.entrySet()) {
      State state = new State(new int[] {entry.getValue()}, new long[1]);
      State declared = states.put(entry.getKey(), state);
      if (declared != null && !Arrays.equals(declared.types, state.types)) {
        stack.offset = entry.getKey();
        throw stack.fail(RbinErrorKind.MERGE_MISMATCH, "the map differs from the handler's class");
      }
    }
  }

  private int caughtType(Handler handler) {
    if (handler.catchClass() == ClassRef.NONE || symbols.isCoreError(handler.catchClass())) {
      return PredefinedType.ERROR;
    }
    return symbols.types().intern(new RType.ClassType(handler.catchClass()));
  }

  private void declare(StackMap map) throws RbinException {
    stack.offset = map.offset();
    if (map.types().isEmpty() || !scan.jumpTargets.get(map.offset())) {
      throw stack.fail(RbinErrorKind.NON_CANONICAL, "a stack map where none is needed");
    }
    int[] types = new int[map.types().size()];
    long[] notes = new long[types.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = map.types().get(i);
      notes[i] = types[i] < 0 ? OperandStack.UNKNOWN : 0;
      int plain = calls.typeOperand(types[i] & ~OperandStack.UNFILLED);
      if (types[i] < 0 && !isLiteralType(plain)) {
        throw stack.mismatch("an array, tuple or object type", types[i]);
      }
    }
    states.put(map.offset(), new State(types, notes));
  }

  private boolean isLiteralType(int type) {
    RType plain = symbols.types().type(type);
    return plain instanceof RType.ArrayType
        || plain instanceof RType.TupleType
        || plain instanceof RType.ObjectType;
  }

  private void walk(@Nullable StackObserver observer) throws RbinException {
    int at = 0;
    boolean flows = true;
    while (at < code.length()) {
      stack.offset = at;
      if (scan.leaders.get(at)) {
        enter(at, flows);
      }
      Opcode opcode = Objects.requireNonNull(Opcode.of(code.u8(at)));
      int next = scan.boundaries.nextSetBit(at + 1);
      if (next < 0) {
        next = code.length();
      }
      if (observer != null) {
        observer.before(at, opcode, stack.types, stack.depth);
      }
      step(opcode, at, next);
      if (observer != null) {
        observer.after(at, opcode, stack.types, stack.depth);
      }
      flows = !opcode.endsBlock();
      at = next;
    }
  }

  /** Takes on the state declared at a leader. */
  private void enter(int at, boolean flows) throws RbinException {
    if (flows) {
      reach(at);
    }
    State state = states.getOrDefault(at, EMPTY);
    if (inferring) {
      states.put(at, state);
    }
    stack.depth = 0;
    for (int i = 0; i < state.types.length; i++) {
      stack.push(state.types[i], state.notes[i]);
    }
  }

  /** Checks that the current state may flow to a leader; in inferring mode, joins it in. */
  private void reach(int target) throws RbinException {
    State state = states.get(target);
    if (state == null && inferring && target >= stack.offset) {
      states.put(target, copyOfStack());
      return;
    }
    if (state == null) {
      state = EMPTY;
    }
    if (state.types.length != stack.depth) {
      throw stack.fail(
          RbinErrorKind.MERGE_MISMATCH,
          stack.depth + " values flow to offset " + target + ", which has " + state.types.length);
    }
    boolean joins = inferring && target >= stack.offset && !handlerTypes.containsKey(target);
    for (int i = nextToCompare(state, 0); i >= 0; i = nextToCompare(state, i + 1)) {
      int found = stack.types[i];
      int wanted = state.types[i];
      charge();
      if (found < 0 || wanted < 0) {
        if (found != wanted || !sameLiteral(state, i)) {
          throw merge(target, wanted, found);
        }
      } else if (!stack.fits(found, stack.notes[i], wanted)) {
        if (!joins || !assignability.assignable(wanted, found)) {
          throw merge(target, wanted, found);
        }
        state.types[i] = found;
      }
    }
  }

  /** The next entry in which the stack differs from a state, or that is unfilled; -1 if none. */
  private int nextToCompare(State state, int from) {
    int unfilled = state.unfilled.nextSetBit(from);
    int different =
        Arrays.mismatch(stack.types, from, stack.depth, state.types, from, state.types.length);
    if (different < 0) {
      return unfilled;
    }
    return unfilled < 0 ? from + different : Math.min(unfilled, from + different);
  }

  /** Deep stacks that differ at many jumps would make the walk more than linear. */
  private void charge() throws RbinException {
    if (++comparisons > (long) MAX_STEPS_PER_BYTE * code.length()) {
      throw stack.fail(RbinErrorKind.LIMIT_EXCEEDED, "too many differing stacks at jumps");
    }
  }

  /** Unfilled literals must be as long on every path; the first path tells. */
  private boolean sameLiteral(State state, int at) {
    if (OperandStack.isClosure(stack.notes[at])) {
      return false;
    }
    if (state.notes[at] == OperandStack.UNKNOWN) {
      state.notes[at] = stack.notes[at];
    }
    return state.notes[at] == stack.notes[at];
  }

  private RbinException merge(int target, int wanted, int found) {
    return stack.fail(
        RbinErrorKind.MERGE_MISMATCH,
        "at offset " + target + " expected " + stack.show(wanted) + ", found " + stack.show(found));
  }

  private State copyOfStack() throws RbinException {
    State state =
        new State(Arrays.copyOf(stack.types, stack.depth), Arrays.copyOf(stack.notes, stack.depth));
    for (int i = 0; i < stack.depth; i++) {
      if (state.types[i] >= 0) {
        state.notes[i] = 0;
      } else if (OperandStack.isClosure(state.notes[i])) {
        throw stack.fail(RbinErrorKind.MERGE_MISMATCH, "an unfilled closure at a jump");
      }
    }
    return state;
  }

  private void step(Opcode opcode, int at, int next) throws RbinException {
    switch (opcode) {
      case JMP -> reach(next + code.i32(at + 1));
      case JMP_IF_TRUE, JMP_IF_FALSE -> {
        stack.pop(PredefinedType.BOOL);
        reach(next + code.i32(at + 1));
      }
      case JMP_IF_NULL, JMP_IF_NOT_NULL -> {
        int type = stack.pop();
        PhysicalKind kind = symbols.types().kind(type);
        if (kind != PhysicalKind.R && kind != PhysicalKind.V) {
          throw stack.mismatch("a type that can be null", type);
        }
        reach(next + code.i32(at + 1));
      }
      case JMP_IF_ARG -> {
        if (code.u8(at + 1) >= parameters()) {
          throw stack.fail(RbinErrorKind.BAD_INDEX, "no parameter " + code.u8(at + 1));
        }
        reach(next + code.i32(at + 2));
      }
      case SWITCH -> {
        stack.pop(PredefinedType.INT);
        reach(next + code.i32(at + 1));
        for (int entry = at + 7; entry < next; entry += 8) {
          reach(next + code.i32(entry + 4));
        }
      }
      case TABLE_SWITCH -> {
        stack.pop(PredefinedType.INT);
        reach(next + code.i32(at + 1));
        for (int entry = at + 11; entry < next; entry += 4) {
          reach(next + code.i32(entry));
        }
      }
      case SWITCH_STR -> {
        stack.pop(PredefinedType.STRING);
        reach(next + code.i32(at + 1));
        for (int entry = at + 7; entry < next; entry += 8) {
          requireString(code.i32(entry));
          reach(next + code.i32(entry + 4));
        }
      }
      case RETURN -> {
        int result = calls.declaredResult();
        if (symbols.types().kind(result) == PhysicalKind.NONE) {
          throw stack.fail(RbinErrorKind.TYPE_MISMATCH, "RETURN in a function without result");
        }
        stack.pop(result);
        requireEmpty();
      }
      case RETURN_VOID -> {
        if (calls.declaredResult() != PredefinedType.VOID) {
          throw stack.fail(RbinErrorKind.TYPE_MISMATCH, "RETURN_VOID where a result is declared");
        }
        requireEmpty();
      }
      case TAIL_CALL -> {
        RType.FunctionType callee = calls.tailCall(code.i32(at + 1), code.u8(at + 5));
        if (!assignability.same(callee.result(), calls.declaredResult())) {
          throw stack.mismatch(calls.declaredResult(), callee.result());
        }
        requireEmpty();
        if (protectedRanges.get(at)) {
          throw stack.fail(RbinErrorKind.BAD_HANDLER, "TAIL_CALL inside a protected range");
        }
      }
      case TRAP -> {
        if (Trap.of(code.u8(at + 1)) == null) {
          throw stack.fail(RbinErrorKind.BAD_OPERAND, "no trap " + code.u8(at + 1));
        }
      }
      case RETHROW -> {
        stack.pop(PredefinedType.ERROR);
        if (function.handlers().isEmpty()) {
          throw stack.fail(RbinErrorKind.BAD_HANDLER, "RETHROW in a function without handlers");
        }
      }
      case HALT -> {
        int result = calls.declaredResult();
        if (!symbols.types().hasZeroValue(result)) {
          throw stack.mismatch("a result with a zero value", result);
        }
      }
      default -> rules.apply(opcode, at);
    }
  }

  private int parameters() {
    return function.paramCount() - (function.hasReceiver() ? 1 : 0);
  }

  private void requireEmpty() throws RbinException {
    if (stack.depth != 0) {
      throw stack.fail(RbinErrorKind.TYPE_MISMATCH, stack.depth + " values are left at the return");
    }
  }

  private void requireString(int constant) throws RbinException {
    List<Constant> pool = symbols.module().constants();
    if (constant < 0 || constant >= pool.size() || !(pool.get(constant) instanceof Constant.Str)) {
      throw stack.fail(RbinErrorKind.BAD_INDEX, "constant " + constant + " is no string");
    }
  }

  private void requireExactCounts() throws RbinException {
    stack.offset = -1;
    if (stack.deepest != function.maxStack()) {
      throw stack.fail(
          RbinErrorKind.BAD_FUNCTION,
          "maxStack is " + function.maxStack() + ", needed is " + stack.deepest);
    }
    if (scan.count != function.cost()) {
      throw stack.fail(
          RbinErrorKind.BAD_FUNCTION,
          "cost is " + function.cost() + ", instructions are " + scan.count);
    }
  }
}

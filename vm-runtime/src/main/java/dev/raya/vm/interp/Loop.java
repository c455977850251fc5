package dev.raya.vm.interp;

import dev.raya.vm.task.RTask;
import dev.raya.vm.value.BoolArr;
import dev.raya.vm.value.Cell;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.IntArr;
import dev.raya.vm.value.NumArr;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.RefArr;
import dev.raya.vm.value.Text;
import org.jspecify.annotations.Nullable;

/**
 * The Tier 0 loop of one worker (vm.md 3): runs a task's frames until it ends, blocks, or has had
 * its share. No Raya call is a Java call, so the whole state of a task is in its frames whenever
 * the loop is left.
 *
 * <p>The loop keeps the frame's arrays in Java locals and the place in {@code pc}; an instruction
 * that can throw stores its place in the frame first. The countdown {@link #fuel} is charged where
 * a block is entered and tested at calls and backward branches (vm.md 5.1). Instructions that are
 * rare or long are in {@link ColdInstructions}, since HotSpot leaves a method over 8 000 bytes to
 * its own interpreter; a test watches the size.
 */
final class Loop {
  /** What made the loop stop. */
  enum Outcome {
    /** The task has its result or its error. */
    ENDED,
    /** Other tasks should run; the task is ready to go on. */
    PREEMPTED,
    /** The task waits; the scheduler knows for what. */
    BLOCKED
  }

  /** The next instruction is that of the task's top frame. */
  static final int RELOAD = -1;

  /** The task is blocked. */
  static final int BLOCK = -2;

  /** Steps left in this chunk, minus those of blocks entered. */
  int fuel;

  private int started;

  private final FrameStack frames;
  private final Polls polls;
  private final BuiltinFunctions builtins;
  private final ColdInstructions cold;

  Loop(FrameStack frames, Polls polls, BuiltinFunctions builtins, ColdInstructions cold) {
    this.frames = frames;
    this.polls = polls;
    this.builtins = builtins;
    this.cold = cold;
  }

  @SuppressWarnings({"fallthrough", "NullAway"}) // The verifier vouches for what the cells hold.
  Outcome run(RTask task, Frame top) {
    Frame f = top;
    QuickCode body = f.body;
    int[] code = body.code;
    long[] words = body.words;
    @Nullable Object[] refs = body.refs;
    long[] w = f.w;
    @Nullable Object[] r = f.r;
    int pc = f.pc;
    for (; ; ) {
      int at;
      switch (code[pc]) {
        case Quick.MOV_W:
          w[code[pc + 1]] = w[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.MOV_R:
          r[code[pc + 1]] = r[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.MOV_V:
          w[code[pc + 1]] = w[code[pc + 2]];
          r[code[pc + 1]] = r[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.K_I:
          w[code[pc + 1]] = code[pc + 2];
          pc += 3;
          continue;
        case Quick.K_W:
          w[code[pc + 1]] = words[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.K_R:
          r[code[pc + 1]] = refs[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.CHECK_SET:
          if (r[code[pc + 1]] == null) {
            throw Traps.unset(f, pc);
          }
          pc += 2;
          continue;
        case Quick.JMP:
          at = pc + 1;
          break;
        case Quick.CHARGE:
          fuel -= code[pc + 1];
          pc += 2;
          continue;
        case Quick.IADD:
          w[code[pc + 1]] = (int) w[code[pc + 2]] + (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.ISUB:
          w[code[pc + 1]] = (int) w[code[pc + 2]] - (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IMUL:
          w[code[pc + 1]] = (int) w[code[pc + 2]] * (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IAND:
          w[code[pc + 1]] = (int) w[code[pc + 2]] & (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IOR:
          w[code[pc + 1]] = (int) w[code[pc + 2]] | (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IXOR:
          w[code[pc + 1]] = (int) w[code[pc + 2]] ^ (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.ISHL:
          w[code[pc + 1]] = (int) w[code[pc + 2]] << (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.ISHR:
          w[code[pc + 1]] = (int) w[code[pc + 2]] >> (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IUSHR:
          w[code[pc + 1]] = (int) w[code[pc + 2]] >>> (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IDIV:
          if ((int) w[code[pc + 3]] == 0) {
            throw Traps.divisionByZero(f, pc);
          }
          w[code[pc + 1]] = (int) w[code[pc + 2]] / (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IMOD:
          if ((int) w[code[pc + 3]] == 0) {
            throw Traps.divisionByZero(f, pc);
          }
          w[code[pc + 1]] = (int) w[code[pc + 2]] % (int) w[code[pc + 3]];
          pc += 4;
          continue;
        case Quick.IADD_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] + code[pc + 3];
          pc += 4;
          continue;
        case Quick.IMUL_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] * code[pc + 3];
          pc += 4;
          continue;
        case Quick.IDIV_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] / code[pc + 3];
          pc += 4;
          continue;
        case Quick.IMOD_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] % code[pc + 3];
          pc += 4;
          continue;
        case Quick.IAND_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] & code[pc + 3];
          pc += 4;
          continue;
        case Quick.ISHL_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] << code[pc + 3];
          pc += 4;
          continue;
        case Quick.ISHR_K:
          w[code[pc + 1]] = (int) w[code[pc + 2]] >> code[pc + 3];
          pc += 4;
          continue;
        case Quick.INEG:
          w[code[pc + 1]] = -((int) w[code[pc + 2]]);
          pc += 3;
          continue;
        case Quick.FADD:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      + Double.longBitsToDouble(w[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FSUB:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      - Double.longBitsToDouble(w[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FMUL:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      * Double.longBitsToDouble(w[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FDIV:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      / Double.longBitsToDouble(w[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FADD_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      + Double.longBitsToDouble(words[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FSUB_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      - Double.longBitsToDouble(words[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FMUL_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      * Double.longBitsToDouble(words[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FDIV_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(w[code[pc + 2]])
                      / Double.longBitsToDouble(words[code[pc + 3]]));
          pc += 4;
          continue;
        case Quick.FRSUB_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(words[code[pc + 3]])
                      - Double.longBitsToDouble(w[code[pc + 2]]));
          pc += 4;
          continue;
        case Quick.FRDIV_K:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(
                  Double.longBitsToDouble(words[code[pc + 3]])
                      / Double.longBitsToDouble(w[code[pc + 2]]));
          pc += 4;
          continue;
        case Quick.FNEG:
          w[code[pc + 1]] = Double.doubleToRawLongBits(-Double.longBitsToDouble(w[code[pc + 2]]));
          pc += 3;
          continue;
        case Quick.FSQRT:
          w[code[pc + 1]] =
              Double.doubleToRawLongBits(Math.sqrt(Double.longBitsToDouble(w[code[pc + 2]])));
          pc += 3;
          continue;
        case Quick.I2N:
          w[code[pc + 1]] = Double.doubleToRawLongBits((double) ((int) w[code[pc + 2]]));
          pc += 3;
          continue;
        case Quick.N2I:
          w[code[pc + 1]] = Traps.whole(f, pc, Double.longBitsToDouble(w[code[pc + 2]]));
          pc += 3;
          continue;
        case Quick.F2I:
          w[code[pc + 1]] = Traps.truncated(f, pc, Double.longBitsToDouble(w[code[pc + 2]]));
          pc += 3;
          continue;
        case Quick.IF_IEQ:
          if ((int) w[code[pc + 1]] == (int) w[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_INE:
          if ((int) w[code[pc + 1]] != (int) w[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_ILT:
          if ((int) w[code[pc + 1]] < (int) w[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_ILE:
          if ((int) w[code[pc + 1]] <= (int) w[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_IEQ_K:
          if ((int) w[code[pc + 1]] == code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_INE_K:
          if ((int) w[code[pc + 1]] != code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_ILT_K:
          if ((int) w[code[pc + 1]] < code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_ILE_K:
          if ((int) w[code[pc + 1]] <= code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_IGT_K:
          if ((int) w[code[pc + 1]] > code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_IGE_K:
          if ((int) w[code[pc + 1]] >= code[pc + 2]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_FEQ:
          if (Double.longBitsToDouble(w[code[pc + 1]])
              == Double.longBitsToDouble(w[code[pc + 2]])) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_FNE:
          if (Double.longBitsToDouble(w[code[pc + 1]])
              != Double.longBitsToDouble(w[code[pc + 2]])) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_FLT:
          if (Double.longBitsToDouble(w[code[pc + 1]]) < Double.longBitsToDouble(w[code[pc + 2]])) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_FLE:
          if (Double.longBitsToDouble(w[code[pc + 1]])
              <= Double.longBitsToDouble(w[code[pc + 2]])) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_NOT_FLT:
          if (!(Double.longBitsToDouble(w[code[pc + 1]])
              < Double.longBitsToDouble(w[code[pc + 2]]))) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_NOT_FLE:
          if (!(Double.longBitsToDouble(w[code[pc + 1]])
              <= Double.longBitsToDouble(w[code[pc + 2]]))) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_TRUE:
          if (w[code[pc + 1]] != 0) {
            at = pc + 2;
            break;
          }
          fuel -= code[pc + 4];
          pc += 5;
          continue;
        case Quick.IF_FALSE:
          if (w[code[pc + 1]] == 0) {
            at = pc + 2;
            break;
          }
          fuel -= code[pc + 4];
          pc += 5;
          continue;
        case Quick.IF_NULL:
          if (r[code[pc + 1]] == null) {
            at = pc + 2;
            break;
          }
          fuel -= code[pc + 4];
          pc += 5;
          continue;
        case Quick.IF_SET:
          if (r[code[pc + 1]] != null) {
            at = pc + 2;
            break;
          }
          fuel -= code[pc + 4];
          pc += 5;
          continue;
        case Quick.IF_REQ:
          if (r[code[pc + 1]] == r[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.IF_RNE:
          if (r[code[pc + 1]] != r[code[pc + 2]]) {
            at = pc + 3;
            break;
          }
          fuel -= code[pc + 5];
          pc += 6;
          continue;
        case Quick.RETURN_W:
          {
            Frame c = f.caller;
            long word = w[code[pc + 1]];
            if (c == null || f.resultAdaptation != null) {
              f = frames.leave(task, f, word, null);
              if (f == null) {
                return Outcome.ENDED;
              }
              body = f.body;
              code = body.code;
              words = body.words;
              refs = body.refs;
              w = f.w;
              r = f.r;
              pc = f.pc;
              continue;
            }
            frames.release(f);
            f = c;
            task.top = c;
            body = c.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = c.w;
            r = c.r;
            pc = c.pc;
            w[code[pc - 1]] = word;
            continue;
          }
        case Quick.RETURN_R:
          {
            Frame c = f.caller;
            Object ref = r[code[pc + 1]];
            if (c == null || f.resultAdaptation != null) {
              f = frames.leave(task, f, 0, ref);
              if (f == null) {
                return Outcome.ENDED;
              }
              body = f.body;
              code = body.code;
              words = body.words;
              refs = body.refs;
              w = f.w;
              r = f.r;
              pc = f.pc;
              continue;
            }
            frames.release(f);
            f = c;
            task.top = c;
            body = c.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = c.w;
            r = c.r;
            pc = c.pc;
            r[code[pc - 1]] = ref;
            continue;
          }
        case Quick.RETURN_V:
          {
            Frame c = f.caller;
            long word = w[code[pc + 1]];
            Object ref = r[code[pc + 1]];
            if (c == null || f.resultAdaptation != null) {
              f = frames.leave(task, f, word, ref);
              if (f == null) {
                return Outcome.ENDED;
              }
              body = f.body;
              code = body.code;
              words = body.words;
              refs = body.refs;
              w = f.w;
              r = f.r;
              pc = f.pc;
              continue;
            }
            frames.release(f);
            f = c;
            task.top = c;
            body = c.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = c.w;
            r = c.r;
            pc = c.pc;
            w[code[pc - 1]] = word;
            r[code[pc - 1]] = ref;
            continue;
          }
        case Quick.RETURN_VOID:
          {
            Frame c = f.caller;

            if (c == null || f.resultAdaptation != null) {
              f = frames.leave(task, f, 0, null);
              if (f == null) {
                return Outcome.ENDED;
              }
              body = f.body;
              code = body.code;
              words = body.words;
              refs = body.refs;
              w = f.w;
              r = f.r;
              pc = f.pc;
              continue;
            }
            frames.release(f);
            f = c;
            task.top = c;
            body = c.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = c.w;
            r = c.r;
            pc = c.pc;

            continue;
          }
        case Quick.CALL:
          {
            f.pc = pc;
            Frame n = frames.call(f, (RFunction) refs[code[pc + 1]], code[pc + 2], code[pc + 3]);
            f.pc = pc + 5;
            task.top = n;
            f = n;
            body = n.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = n.w;
            r = n.r;
            pc = 0;
            if ((fuel -= body.entryCost) < 0 && slow(task, f)) {
              return Outcome.PREEMPTED;
            }
            continue;
          }
        case Quick.CALL_METHOD:
          {
            CallSite site = (CallSite) refs[code[pc + 1]];
            RObj receiver = (RObj) r[code[pc + 3]];
            if (receiver == null) {
              throw Traps.nullMember(f, pc, site.name);
            }
            RFunction target = receiver.cls.vtable[site.slot];
            f.pc = pc;
            Frame n =
                target.signature == site.signature
                    ? frames.call(f, target, code[pc + 2] + 1, code[pc + 3])
                    : frames.adapted(f, site, target, code[pc + 2], code[pc + 3] + 1, receiver);
            f.pc = pc + 5;
            task.top = n;
            f = n;
            body = n.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = n.w;
            r = n.r;
            pc = 0;
            if ((fuel -= body.entryCost) < 0 && slow(task, f)) {
              return Outcome.PREEMPTED;
            }
            continue;
          }
        case Quick.CALL_IFACE:
          {
            f.pc = pc;
            Frame n = frames.byName(f, (CallSite) refs[code[pc + 1]], code[pc + 2], code[pc + 3]);
            f.pc = pc + 5;
            task.top = n;
            f = n;
            body = n.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = n.w;
            r = n.r;
            pc = 0;
            if ((fuel -= body.entryCost) < 0 && slow(task, f)) {
              return Outcome.PREEMPTED;
            }
            continue;
          }
        case Quick.CALL_CLOSURE:
          {
            f.pc = pc;
            Frame n =
                frames.closure(
                    f,
                    (CallSite) refs[code[pc + 1]],
                    (Closure) r[code[pc + 3]],
                    code[pc + 2],
                    code[pc + 3]);
            f.pc = pc + 5;
            task.top = n;
            f = n;
            body = n.body;
            code = body.code;
            words = body.words;
            refs = body.refs;
            w = n.w;
            r = n.r;
            pc = 0;
            if ((fuel -= body.entryCost) < 0 && slow(task, f)) {
              return Outcome.PREEMPTED;
            }
            continue;
          }
        case Quick.GETF_W:
          {
            RObj o = (RObj) r[code[pc + 2]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 4]]);
            }
            w[code[pc + 1]] = o.w[code[pc + 3]];
            pc += 5;
            continue;
          }
        case Quick.GETF_R:
          {
            RObj o = (RObj) r[code[pc + 2]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 4]]);
            }
            r[code[pc + 1]] = o.r[code[pc + 3]];
            pc += 5;
            continue;
          }
        case Quick.GETF_RC:
          {
            RObj o = (RObj) r[code[pc + 2]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 4]]);
            }
            Object v = o.r[code[pc + 3]];
            if (v == null) {
              throw Traps.unsetMember(f, pc);
            }
            r[code[pc + 1]] = v;
            pc += 5;
            continue;
          }
        case Quick.GETF_V:
          {
            RObj o = (RObj) r[code[pc + 2]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 5]]);
            }
            Object v = o.r[code[pc + 4]];
            if (v == null) {
              throw Traps.unsetMember(f, pc);
            }
            w[code[pc + 1]] = o.w[code[pc + 3]];
            r[code[pc + 1]] = v;
            pc += 7;
            continue;
          }
        case Quick.PUTF_W:
          {
            RObj o = (RObj) r[code[pc + 1]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 4]]);
            }
            o.w[code[pc + 2]] = w[code[pc + 3]];
            pc += 5;
            continue;
          }
        case Quick.PUTF_R:
          {
            RObj o = (RObj) r[code[pc + 1]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 4]]);
            }
            o.r[code[pc + 2]] = r[code[pc + 3]];
            pc += 5;
            continue;
          }
        case Quick.PUTF_V:
          {
            RObj o = (RObj) r[code[pc + 1]];
            if (o == null) {
              throw Traps.nullMember(f, pc, refs[code[pc + 5]]);
            }
            o.w[code[pc + 2]] = w[code[pc + 4]];
            o.r[code[pc + 3]] = r[code[pc + 4]];
            pc += 6;
            continue;
          }
        case Quick.ALOAD_I:
          {
            IntArr a = (IntArr) r[code[pc + 2]];
            int i = (int) w[code[pc + 3]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            w[code[pc + 1]] = a.a[i];
            pc += 4;
            continue;
          }
        case Quick.ALOAD_B:
          {
            BoolArr a = (BoolArr) r[code[pc + 2]];
            int i = (int) w[code[pc + 3]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            w[code[pc + 1]] = a.a[i];
            pc += 4;
            continue;
          }
        case Quick.ALOAD_F:
          {
            NumArr a = (NumArr) r[code[pc + 2]];
            int i = (int) w[code[pc + 3]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            w[code[pc + 1]] = Double.doubleToRawLongBits(a.a[i]);
            pc += 4;
            continue;
          }
        case Quick.ALOAD_R:
          {
            RefArr a = (RefArr) r[code[pc + 2]];
            int i = (int) w[code[pc + 3]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            r[code[pc + 1]] = a.a[i];
            pc += 4;
            continue;
          }
        case Quick.ALOAD_RC:
          {
            RefArr a = (RefArr) r[code[pc + 2]];
            int i = (int) w[code[pc + 3]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            Object v = a.a[i];
            if (v == null) {
              throw Traps.unsetMember(f, pc);
            }
            r[code[pc + 1]] = v;
            pc += 4;
            continue;
          }
        case Quick.ASTORE_I:
          {
            IntArr a = (IntArr) r[code[pc + 1]];
            int i = (int) w[code[pc + 2]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            a.a[i] = (int) w[code[pc + 3]];
            pc += 4;
            continue;
          }
        case Quick.ASTORE_B:
          {
            BoolArr a = (BoolArr) r[code[pc + 1]];
            int i = (int) w[code[pc + 2]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            a.a[i] = (byte) w[code[pc + 3]];
            pc += 4;
            continue;
          }
        case Quick.ASTORE_F:
          {
            NumArr a = (NumArr) r[code[pc + 1]];
            int i = (int) w[code[pc + 2]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            a.a[i] = Double.longBitsToDouble(w[code[pc + 3]]);
            pc += 4;
            continue;
          }
        case Quick.ASTORE_R:
          {
            RefArr a = (RefArr) r[code[pc + 1]];
            int i = (int) w[code[pc + 2]];
            if (a == null || Integer.compareUnsigned(i, a.length) >= 0) {
              throw Traps.badIndex(f, pc, a, i);
            }
            a.a[i] = r[code[pc + 3]];
            pc += 4;
            continue;
          }
        case Quick.ALEN:
          {
            RArray a = (RArray) r[code[pc + 2]];
            if (a == null) {
              throw Traps.nullMember(f, pc, "length");
            }
            w[code[pc + 1]] = a.length;
            pc += 3;
            continue;
          }
        case Quick.GGET_W:
          w[code[pc + 1]] = ((Cell) refs[code[pc + 2]]).w;
          pc += 3;
          continue;
        case Quick.GGET_R:
          r[code[pc + 1]] = ((Cell) refs[code[pc + 2]]).r;
          pc += 3;
          continue;
        case Quick.GGET_RC:
          {
            Object v = ((Cell) refs[code[pc + 2]]).r;
            if (v == null) {
              throw Traps.unset(f, pc);
            }
            r[code[pc + 1]] = v;
            pc += 3;
            continue;
          }
        case Quick.GPUT_W:
          ((Cell) refs[code[pc + 1]]).w = w[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.GPUT_R:
          ((Cell) refs[code[pc + 1]]).r = r[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.CAPTURE_W:
          w[code[pc + 1]] = f.closure.w[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.CAPTURE_R:
          r[code[pc + 1]] = f.closure.r[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.CAPTURE_RC:
          {
            Object v = f.closure.r[code[pc + 2]];
            if (v == null) {
              throw Traps.unset(f, pc);
            }
            r[code[pc + 1]] = v;
            pc += 3;
            continue;
          }
        case Quick.CELL_W:
          w[code[pc + 1]] = ((Cell) r[code[pc + 2]]).w;
          pc += 3;
          continue;
        case Quick.CELL_R:
          r[code[pc + 1]] = ((Cell) r[code[pc + 2]]).r;
          pc += 3;
          continue;
        case Quick.CELL_RC:
          {
            Object v = ((Cell) r[code[pc + 2]]).r;
            if (v == null) {
              throw Traps.unset(f, pc);
            }
            r[code[pc + 1]] = v;
            pc += 3;
            continue;
          }
        case Quick.CELL_PUT_W:
          ((Cell) r[code[pc + 1]]).w = w[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.CELL_PUT_R:
          ((Cell) r[code[pc + 1]]).r = r[code[pc + 2]];
          pc += 3;
          continue;
        case Quick.NEW:
          {
            RClass cls = (RClass) refs[code[pc + 2]];
            f.pc = pc;
            polls.allocate(cls.size);
            r[code[pc + 1]] =
                cls.storage == RClass.Storage.FIELDS ? new RObj(cls) : cls.instantiate();
            pc += 3;
            continue;
          }
        case Quick.BUILTIN:
          {
            f.pc = pc;
            builtins.call(
                (BuiltinSite) refs[code[pc + 1]], w, r, code[pc + 3], code[pc + 2], code[pc + 4]);
            pc += 5;
            continue;
          }
        case Quick.LENGTH:
          w[code[pc + 1]] = Text.length(r[code[pc + 2]]);
          pc += 3;
          continue;
        case Quick.MEMBER:
          if (!(r[code[pc + 3]] instanceof RObj object && object.cls.parent != null)) {
            f.pc = pc;
            builtins.call(
                (BuiltinSite) refs[code[pc + 1]], w, r, code[pc + 3], code[pc + 2], code[pc + 4]);
            pc += 5;
            continue;
          }
        // fall through: of a derived class
        default:
          {
            f.pc = pc;
            int next = cold.run(this, task, f, code[pc]);
            if (next < 0) {
              if (next == BLOCK) {
                return Outcome.BLOCKED;
              }
              Frame n = Frame.top(task);
              if (n == null) {
                return Outcome.ENDED;
              }
              f = n;
              body = n.body;
              code = body.code;
              words = body.words;
              refs = body.refs;
              w = n.w;
              r = n.r;
              pc = n.pc;
            } else {
              if (next <= pc && fuel < 0) {
                f.pc = next;
                if (slow(task, f)) {
                  return Outcome.PREEMPTED;
                }
              }
              pc = next;
            }
            continue;
          }
      }
      // A taken branch: its operands at `at` are the target and the steps of the block there.
      int target = code[at];
      fuel -= code[at + 1];
      if (target <= pc && fuel < 0) {
        f.pc = target;
        if (slow(task, f)) {
          return Outcome.PREEMPTED;
        }
      }
      pc = target;
    }
  }

  /** The countdown has passed zero; says whether to leave the worker. */
  private boolean slow(RTask task, Frame f) {
    int used = started - fuel;
    started = fuel;
    frames.closeReserve(f.depth);
    boolean leave = polls.poll(task, used);
    refill();
    return leave;
  }

  /** Starts a new chunk of steps. */
  void refill() {
    started = polls.chunk();
    fuel = started;
  }

  /** Returns the steps of the running chunk that were not yet booked. */
  int settle() {
    int used = started - fuel;
    started = fuel;
    return used;
  }
}

package dev.raya.vm.interp;

import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.heap.LimitException;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.AnyArr;
import dev.raya.vm.value.Cell;
import dev.raya.vm.value.Closure;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.Kind;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RFunction;
import dev.raya.vm.value.RObj;
import dev.raya.vm.value.Tag;
import dev.raya.vm.value.Text;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The instructions that the main loop hands over: rare ones, long ones, those that switch frames in
 * special ways. Each returns the place to go on at, or {@link Loop#RELOAD} or {@link Loop#BLOCK}.
 * The frame's {@code pc} already is the instruction's place.
 */
@SuppressWarnings("NullAway") // The verifier vouches for what the cells hold.
final class ColdInstructions {
  private final FrameStack frames;
  private final Polls polls;
  private final TaskInstructions tasks;

  ColdInstructions(FrameStack frames, Polls polls, TaskInstructions tasks) {
    this.frames = frames;
    this.polls = polls;
    this.tasks = tasks;
  }

  int run(Loop loop, RTask task, Frame f, int op) {
    QuickCode body = f.body;
    int[] code = body.code;
    int pc = f.pc;
    long[] w = f.w;
    @Nullable Object[] r = f.r;
    switch (op) {
      case Quick.BOOL_I -> {
        w[code[pc + 1]] =
            compare(code[pc + 4], Integer.compare((int) w[code[pc + 2]], (int) w[code[pc + 3]]));
        return pc + 5;
      }
      case Quick.BOOL_F -> {
        w[code[pc + 1]] = compare(code[pc + 4], number(w, code[pc + 2]), number(w, code[pc + 3]));
        return pc + 5;
      }
      case Quick.BOOL_S -> {
        w[code[pc + 1]] = compareStrings(code[pc + 4], r[code[pc + 2]], r[code[pc + 3]]);
        return pc + 5;
      }
      case Quick.IUSHR_K -> {
        w[code[pc + 1]] = (int) w[code[pc + 2]] >>> code[pc + 3];
        return pc + 4;
      }
      case Quick.INOT -> {
        w[code[pc + 1]] = ~(int) w[code[pc + 2]];
        return pc + 3;
      }
      case Quick.FMOD -> {
        set(w, code[pc + 1], number(w, code[pc + 2]) % number(w, code[pc + 3]));
        return pc + 4;
      }
      case Quick.FABS -> {
        set(w, code[pc + 1], Math.abs(number(w, code[pc + 2])));
        return pc + 3;
      }
      case Quick.FFLOOR -> {
        set(w, code[pc + 1], Math.floor(number(w, code[pc + 2])));
        return pc + 3;
      }
      case Quick.FCEIL -> {
        set(w, code[pc + 1], Math.ceil(number(w, code[pc + 2])));
        return pc + 3;
      }
      case Quick.FROUND -> {
        set(w, code[pc + 1], round(number(w, code[pc + 2])));
        return pc + 3;
      }
      case Quick.FTRUNC -> {
        double x = number(w, code[pc + 2]);
        set(w, code[pc + 1], x < 0 ? Math.ceil(x) : Math.floor(x));
        return pc + 3;
      }
      case Quick.F2I_BITS -> {
        w[code[pc + 1]] = Numbers.toInt32(number(w, code[pc + 2]));
        return pc + 3;
      }
      case Quick.IUSHR_N -> {
        set(
            w,
            code[pc + 1],
            Integer.toUnsignedLong((int) w[code[pc + 2]] >>> (int) w[code[pc + 3]]));
        return pc + 4;
      }
      case Quick.NOT -> {
        w[code[pc + 1]] = w[code[pc + 2]] ^ 1;
        return pc + 3;
      }
      case Quick.TO_BOOL -> {
        LinkedType t = (LinkedType) body.refs[code[pc + 3]];
        w[code[pc + 1]] = Values.truthy(t, w[code[pc + 2]], r[code[pc + 2]]) ? 1 : 0;
        return pc + 4;
      }
      case Quick.TYPEOF -> {
        r[code[pc + 1]] = Values.typeName((LinkedType) body.refs[code[pc + 3]], r[code[pc + 2]]);
        return pc + 4;
      }
      case Quick.CONVERT -> {
        ((Adaptation) body.refs[code[pc + 3]]).move(w, r, code[pc + 2], w, r, code[pc + 1]);
        return pc + 4;
      }
      case Quick.IF_VNULL -> {
        return branch(loop, code, pc + 2, r[code[pc + 1]] == Tag.NULL);
      }
      case Quick.IF_VSET -> {
        return branch(loop, code, pc + 2, r[code[pc + 1]] != Tag.NULL);
      }
      case Quick.IF_JNULL -> {
        return branch(loop, code, pc + 2, r[code[pc + 1]] instanceof JsonAbsent);
      }
      case Quick.IF_JSET -> {
        return branch(loop, code, pc + 2, !(r[code[pc + 1]] instanceof JsonAbsent));
      }
      case Quick.IF_ARG -> {
        return branch(loop, code, pc + 2, f.argc > code[pc + 1]);
      }
      case Quick.SWITCH -> {
        return select(
            loop, code, pc, ((SwitchKeys) body.refs[code[pc + 2]]).find((int) w[code[pc + 1]]));
      }
      case Quick.SWITCH_STR -> {
        return select(
            loop,
            code,
            pc,
            ((SwitchKeys) body.refs[code[pc + 2]]).find(Text.flat(r[code[pc + 1]])));
      }
      case Quick.TRAP -> throw trap(code[pc + 1]);
      case Quick.THROW, Quick.RETHROW -> {
        Object error = r[code[pc + 1]];
        if (error == null) {
          throw Traps.nullAccess("throw");
        }
        throw new Thrown((RError) error);
      }
      case Quick.CHECK_NULL -> {
        if (r[code[pc + 1]] == null) {
          throw Traps.nullAccess(String.valueOf(body.refs[code[pc + 2]]));
        }
        return pc + 3;
      }
      case Quick.JSON_GET -> {
        r[code[pc + 1]] =
            JsonBuiltins.member(r[code[pc + 2]], String.valueOf(body.refs[code[pc + 3]]));
        return pc + 4;
      }
      case Quick.JSON_INDEX -> {
        r[code[pc + 1]] = JsonBuiltins.element(r[code[pc + 2]], (int) w[code[pc + 3]]);
        return pc + 4;
      }
      case Quick.JSON_CAST -> {
        JsonCast.cast(
            polls, r[code[pc + 2]], (JsonPlan) body.refs[code[pc + 3]], w, r, code[pc + 1]);
        return pc + 4;
      }
      case Quick.JSON_DECODE -> {
        String text = Text.flat(r[code[pc + 2]]);
        JsonDecoder.decode(polls, text, (JsonPlan) body.refs[code[pc + 3]], w, r, code[pc + 1]);
        return pc + 4;
      }
      case Quick.JSON_FROM -> {
        int a = code[pc + 2];
        polls.allocate(32);
        r[code[pc + 1]] = JsonFrom.strict((JsonFrom.Site) body.refs[code[pc + 3]], w[a], r[a]);
        return pc + 4;
      }
      case Quick.JSON_ENCODE -> {
        int a = code[pc + 2];
        String text = JsonFrom.encode((JsonFrom.Site) body.refs[code[pc + 3]], w[a], r[a]);
        polls.allocate(64 + 2L * text.length());
        r[code[pc + 1]] = text;
        return pc + 4;
      }
      case Quick.EQUAL -> {
        Equality equality = (Equality) body.refs[code[pc + 4]];
        int a = code[pc + 2];
        int b = code[pc + 3];
        w[code[pc + 1]] = equality.test(w[a], r[a], w[b], r[b]) ? 1 : 0;
        return pc + 5;
      }
      case Quick.INSTANCE_OF -> {
        w[code[pc + 1]] =
            ((Cast) body.refs[code[pc + 3]]).test(w[code[pc + 2]], r[code[pc + 2]]) ? 1 : 0;
        return pc + 4;
      }
      case Quick.CHECK_CAST -> {
        Cast cast = (Cast) body.refs[code[pc + 3]];
        int a = code[pc + 2];
        if (!cast.test(w[a], r[a])) {
          throw new TrapException(Trap.TYPE_ERROR, cast.complaint(w[a], r[a]));
        }
        cast.adaptation.move(w, r, a, w, r, code[pc + 1]);
        return pc + 4;
      }
      case Quick.IS -> {
        LinkedType t = (LinkedType) body.refs[code[pc + 4]];
        w[code[pc + 1]] = Values.is(code[pc + 3], t, r[code[pc + 2]]) ? 1 : 0;
        return pc + 5;
      }
      case Quick.NON_NULL_R -> {
        Object value = r[code[pc + 2]];
        if (value == null) {
          throw Traps.changedToNull();
        }
        r[code[pc + 1]] = value;
        return pc + 3;
      }
      case Quick.NON_NULL_V -> {
        if (r[code[pc + 2]] == Tag.NULL) {
          throw Traps.changedToNull();
        }
        ((Adaptation) body.refs[code[pc + 3]]).move(w, r, code[pc + 2], w, r, code[pc + 1]);
        return pc + 4;
      }
      case Quick.SCONCAT -> {
        Object text = Text.concat(r[code[pc + 2]], r[code[pc + 3]]);
        r[code[pc + 1]] = counted(text);
        return pc + 4;
      }
      case Quick.SCONCAT_N -> {
        r[code[pc + 1]] = concatenate(r, code[pc + 2], code[pc + 3]);
        return pc + 4;
      }
      case Quick.TO_STRING -> {
        int a = code[pc + 2];
        r[code[pc + 1]] = counted(Values.text((LinkedType) body.refs[code[pc + 3]], w[a], r[a]));
        return pc + 4;
      }
      case Quick.SLEN_BYTES -> {
        w[code[pc + 1]] = Text.wtf8Length(Text.flat(r[code[pc + 2]]));
        return pc + 3;
      }
      case Quick.PROBE -> {
        body.function.home.probes[code[pc + 1]]++;
        return pc + 2;
      }
      case Quick.SAFEPOINT -> {
        f.pc = pc + 1;
        polls.poll(task, loop.settle());
        loop.refill();
        return pc + 1;
      }
      case Quick.HALT -> {
        LinkedType t = (LinkedType) body.refs[code[pc + 1]];
        Frame top = Frame.top(task);
        while (top != null) {
          top = frames.drop(task, top);
        }
        task.resultWord = t.zeroWord;
        task.resultRef = t.zeroRef;
        return Loop.RELOAD;
      }
      case Quick.TAIL_CALL -> {
        Frame n =
            frames.tailCall(
                task, f, (RFunction) body.refs[code[pc + 1]], code[pc + 2], code[pc + 3]);
        loop.fuel -= n.body.entryCost;
        return Loop.RELOAD;
      }
      case Quick.MEMBER -> {
        BuiltinSite site = (BuiltinSite) body.refs[code[pc + 1]];
        CallSite method = Objects.requireNonNull(site.method);
        Frame n = frames.byName(f, method, code[pc + 2] - 1, code[pc + 3]);
        f.pc = pc + 5;
        task.top = n;
        loop.fuel -= n.body.entryCost;
        return Loop.RELOAD;
      }
      case Quick.GETF_NAMED, Quick.PUTF_NAMED, Quick.OPTIONAL_NAMED -> {
        return named(loop, task, f, op);
      }
      default -> {
        return op >= Quick.SPAWN && op <= Quick.MUTEX_TRY_LOCK || op == Quick.BLOCKING
            ? tasks.run(loop, task, f, op)
            : storage(f, op);
      }
    }
  }

  // ---- memory: globals, captures, cells, arrays, objects of kind V and rare forms

  private int storage(Frame f, int op) {
    QuickCode body = f.body;
    int[] code = body.code;
    int pc = f.pc;
    long[] w = f.w;
    @Nullable Object[] r = f.r;
    switch (op) {
      case Quick.GGET_V -> {
        Cell cell = (Cell) body.refs[code[pc + 2]];
        fetch(f, cell.w, cell.r, code[pc + 1]);
        return pc + 3;
      }
      case Quick.GPUT_V -> {
        Cell cell = (Cell) body.refs[code[pc + 1]];
        cell.w = w[code[pc + 2]];
        cell.r = r[code[pc + 2]];
        return pc + 3;
      }
      case Quick.CAPTURE_V -> {
        fetch(f, f.closure.w[code[pc + 2]], f.closure.r[code[pc + 2]], code[pc + 1]);
        return pc + 3;
      }
      case Quick.CAPTURE_PUT -> {
        f.closure.w[code[pc + 1]] = w[code[pc + 2]];
        f.closure.r[code[pc + 1]] = r[code[pc + 2]];
        return pc + 3;
      }
      case Quick.CELL_V -> {
        Cell cell = (Cell) r[code[pc + 2]];
        fetch(f, cell.w, cell.r, code[pc + 1]);
        return pc + 3;
      }
      case Quick.CELL_PUT_V -> {
        Cell cell = (Cell) r[code[pc + 1]];
        cell.w = w[code[pc + 2]];
        cell.r = r[code[pc + 2]];
        return pc + 3;
      }
      case Quick.NEW_CELL -> {
        polls.allocate(32);
        LinkedType t = (LinkedType) body.refs[code[pc + 3]];
        int a = code[pc + 2];
        r[code[pc + 1]] = new Cell(t, w[a], t.kind == Kind.R || t.kind == Kind.V ? r[a] : null);
        return pc + 4;
      }
      case Quick.CLOSURE -> {
        RFunction function = (RFunction) body.refs[code[pc + 2]];
        Closure declared = function.declared;
        if (declared == null) {
          polls.allocate(96);
          declared = new Closure(function);
          if ((function.flags & FunctionDef.CLOSURE) == 0) {
            function.declared = declared;
          }
        }
        r[code[pc + 1]] = declared;
        return pc + 3;
      }
      case Quick.CLOSE_VAR -> {
        Closure closure = (Closure) r[code[pc + 1]];
        int capture = code[pc + 2];
        closure.w[capture] = w[code[pc + 3]];
        byte kind = closure.function.captureTypes[capture].kind;
        closure.r[capture] = kind == Kind.R || kind == Kind.V ? r[code[pc + 3]] : null;
        return pc + 4;
      }
      case Quick.NEW_ARRAY -> {
        r[code[pc + 1]] = newArray((LinkedType) body.refs[code[pc + 3]], (int) w[code[pc + 2]]);
        return pc + 4;
      }
      case Quick.ARRAY_OF -> {
        LinkedType t = (LinkedType) body.refs[code[pc + 2]];
        int n = code[pc + 4];
        polls.allocate(24 + 8L * n);
        RArray array = RArray.make(t, n);
        for (int i = 0; i < n; i++) {
          array.set(i, w[code[pc + 3] + i], r[code[pc + 3] + i]);
        }
        r[code[pc + 1]] = array;
        return pc + 5;
      }
      case Quick.OBJECT_OF -> {
        RClass cls = (RClass) body.refs[code[pc + 2]];
        polls.allocate(cls.size);
        RObj object = new RObj(cls);
        for (int i = 0; i < code[pc + 4]; i++) {
          object.set(i, w[code[pc + 3] + i], r[code[pc + 3] + i]);
        }
        r[code[pc + 1]] = object;
        return pc + 5;
      }
      case Quick.ALOAD_V -> {
        AnyArr array = (AnyArr) r[code[pc + 2]];
        int i = index(array, w[code[pc + 3]]);
        fetchMember(f, array.w[i], array.r[i], code[pc + 1]);
        return pc + 4;
      }
      case Quick.ALOAD_X -> {
        RArray array = (RArray) r[code[pc + 2]];
        int i = index(array, w[code[pc + 3]]);
        element(array, i, (LinkedType) body.refs[code[pc + 4]], w, r, code[pc + 1]);
        return pc + 5;
      }
      case Quick.ASTORE_V -> {
        AnyArr array = (AnyArr) r[code[pc + 1]];
        int i = index(array, w[code[pc + 2]]);
        array.w[i] = w[code[pc + 3]];
        array.r[i] = r[code[pc + 3]];
        return pc + 4;
      }
      case Quick.APUSH -> {
        RArray array = (RArray) r[code[pc + 1]];
        if (array == null) {
          throw Traps.nullAccess("push");
        }
        if (array.length == RArray.MAX_LENGTH) {
          throw new TrapException(Trap.LENGTH_LIMIT, "array longer than " + RArray.MAX_LENGTH);
        }
        polls.allocate(8);
        array.push(w[code[pc + 2]], r[code[pc + 2]]);
        return pc + 3;
      }
      case Quick.APOP -> {
        RArray array = (RArray) r[code[pc + 2]];
        if (array == null) {
          throw Traps.nullAccess("pop");
        }
        LinkedType t = (LinkedType) body.refs[code[pc + 3]];
        if (array.length == 0) {
          w[code[pc + 1]] = t.zeroWord;
          r[code[pc + 1]] = t.zeroRef;
        } else {
          element(array, array.length - 1, t, w, r, code[pc + 1]);
          array.truncate(array.length - 1);
        }
        return pc + 4;
      }
      case Quick.TUPLE_GET -> {
        RObj tuple = (RObj) r[code[pc + 2]];
        if (tuple == null) {
          throw Traps.nullAccess("[" + code[pc + 3] + "]");
        }
        field(tuple, code[pc + 3], (LinkedType) body.refs[code[pc + 4]], w, r, code[pc + 1]);
        return pc + 5;
      }
      case Quick.OPTIONAL_FIELD -> {
        RObj object = (RObj) r[code[pc + 2]];
        LinkedType t = (LinkedType) body.refs[code[pc + 4]];
        if (object == null) {
          w[code[pc + 1]] = 0;
          r[code[pc + 1]] = t.kind == Kind.V ? Tag.NULL : null;
        } else {
          field(object, code[pc + 3], t, w, r, code[pc + 1]);
        }
        return pc + 5;
      }
      default -> throw new IllegalStateException("unknown instruction " + op);
    }
  }

  /** Puts an element into a cell in the form of a type, which may be wider than the array's own. */
  static void element(RArray array, int i, LinkedType to, long[] w, @Nullable Object[] r, int d) {
    LinkedType own = array.type.element();
    Object ref = array.ref(i);
    if (ref == null && !own.hasZero && (own.kind == Kind.R || own.kind == Kind.V)) {
      throw Traps.unsetMember();
    }
    Adaptation.of(own, to).store(array.word(i), ref, w, r, d);
  }

  private static void field(
      RObj object, int field, LinkedType to, long[] w, @Nullable Object[] r, int d) {
    LinkedType own = object.cls.fieldTypes[field];
    Object ref = object.ref(field);
    if (ref == null && !own.hasZero && (own.kind == Kind.R || own.kind == Kind.V)) {
      throw Traps.unsetMember();
    }
    Adaptation.of(own, to).store(object.word(field), ref, w, r, d);
  }

  private static void fetch(Frame f, long word, @Nullable Object ref, int d) {
    if (ref == null) {
      throw Traps.unset(f, f.pc);
    }
    f.w[d] = word;
    f.r[d] = ref;
  }

  private static void fetchMember(Frame f, long word, @Nullable Object ref, int d) {
    if (ref == null) {
      throw Traps.unsetMember();
    }
    f.w[d] = word;
    f.r[d] = ref;
  }

  private static int index(@Nullable RArray array, long word) {
    int i = (int) word;
    if (array == null) {
      throw Traps.nullAccess("[" + i + "]");
    }
    if (i < 0 || i >= array.length) {
      throw Traps.outOfRange(i, array.length);
    }
    return i;
  }

  private RArray newArray(LinkedType type, int length) {
    if (length < 0) {
      throw new TrapException(Trap.NEGATIVE_LENGTH, "negative array length " + length);
    }
    if (length > RArray.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "array longer than " + RArray.MAX_LENGTH);
    }
    LinkedType element = type.element();
    int size =
        element.kind == Kind.V ? 16 : element.kind == Kind.I ? (element.isBool() ? 1 : 4) : 8;
    polls.allocate(24 + (long) size * length);
    return RArray.make(type, length);
  }

  // ---- named properties

  private int named(Loop loop, RTask task, Frame f, int op) {
    int[] code = f.body.code;
    int pc = f.pc;
    PropertySite site = (PropertySite) f.body.refs[code[pc + 1]];
    int base = code[pc + 3];
    int d = code[pc + 4];
    Object receiver = f.r[base];
    if (receiver == null) {
      if (op != Quick.OPTIONAL_NAMED) {
        throw Traps.nullAccess(site.name);
      }
      f.w[d] = 0;
      f.r[d] = site.type.orNull().kind == Kind.V ? Tag.NULL : null;
      return pc + 5;
    }
    RObj object = (RObj) receiver;
    PropertySite.Place place = site.place(object.cls);
    if (place == null) {
      return absent(f, site, object, op);
    }
    RFunction method = place.method();
    if (method != null) {
      polls.allocate(48);
      f.w[d] = 0;
      f.r[d] = Closure.bound(method, object);
      return pc + 5;
    }
    RFunction accessor = place.accessor();
    if (accessor != null) {
      Frame n = accessorCall(f, site, accessor, code[pc + 2], base, receiver, op);
      f.pc = pc + 5;
      task.top = n;
      loop.fuel -= n.body.entryCost;
      return Loop.RELOAD;
    }
    if (op == Quick.PUTF_NAMED) {
      writeField(f, object, place, base + 1);
    } else {
      readField(f, site, object, place, op, d);
    }
    return pc + 5;
  }

  /**
   * An exact object type may lack an optional property; reading it gives null, writing it is
   * impossible.
   */
  private static int absent(Frame f, PropertySite site, RObj object, int op) {
    LinkedType t = op == Quick.OPTIONAL_NAMED ? site.type.orNull() : site.type;
    if (op == Quick.PUTF_NAMED || !(t.hasNull() || t.form == LinkedType.Form.JSON)) {
      throw new TrapException(
          Trap.TYPE_ERROR, object.cls.name + " has no member '" + site.name + "'");
    }
    int d = f.body.code[f.pc + 4];
    f.w[d] = t.zeroWord;
    f.r[d] = t.zeroRef;
    return f.pc + 5;
  }

  private Frame accessorCall(
      Frame f, PropertySite site, RFunction accessor, int argc, int base, Object receiver, int op) {
    Frame n =
        accessor.signature == site.call.signature
            ? frames.call(f, accessor, argc + 1, base)
            : frames.adapted(f, site.call, accessor, argc, base + 1, receiver);
    if (op == Quick.OPTIONAL_NAMED) {
      Adaptation adaptation = Adaptation.of(accessor.type.resultType(), site.type.orNull());
      n.resultAdaptation = adaptation == Adaptation.NONE ? null : adaptation;
    }
    return n;
  }

  private static void readField(
      Frame f, PropertySite site, RObj object, PropertySite.Place place, int op, int d) {
    Object ref = object.ref(place.field());
    LinkedType own = object.cls.fieldTypes[place.field()];
    if (ref == null && !place.setOrZero() && (own.kind == Kind.R || own.kind == Kind.V)) {
      throw Traps.unsetMember();
    }
    Adaptation adaptation =
        op == Quick.OPTIONAL_NAMED ? Adaptation.of(own, site.type.orNull()) : place.adaptation();
    adaptation.store(object.word(place.field()), ref, f.w, f.r, d);
  }

  private static void writeField(Frame f, RObj object, PropertySite.Place place, int from) {
    long[] word = new long[1];
    Object[] ref = new Object[1];
    place.adaptation().move(f.w, f.r, from, word, ref, 0);
    object.set(place.field(), word[0], ref[0]);
  }

  // ---- small parts

  private static double number(long[] w, int cell) {
    return Double.longBitsToDouble(w[cell]);
  }

  private static void set(long[] w, int cell, double value) {
    w[cell] = Double.doubleToRawLongBits(value);
  }

  /** Rounds halves toward +∞; −0.5 and the like give −0. */
  static double round(double x) {
    double floor = Math.floor(x);
    double rounded = x - floor >= 0.5 ? floor + 1 : floor;
    return rounded == 0 && x < 0 ? -0.0 : rounded;
  }

  private static int compare(int condition, int order) {
    return switch (condition) {
      case 0 -> order == 0 ? 1 : 0;
      case 1 -> order != 0 ? 1 : 0;
      case 2 -> order < 0 ? 1 : 0;
      case 3 -> order <= 0 ? 1 : 0;
      case 4 -> order > 0 ? 1 : 0;
      default -> order >= 0 ? 1 : 0;
    };
  }

  private static int compare(int condition, double a, double b) {
    return switch (condition) {
      case 0 -> a == b ? 1 : 0;
      case 1 -> a != b ? 1 : 0;
      case 2 -> a < b ? 1 : 0;
      case 3 -> a <= b ? 1 : 0;
      case 4 -> a > b ? 1 : 0;
      default -> a >= b ? 1 : 0;
    };
  }

  private static int compareStrings(int condition, Object a, Object b) {
    if (condition < 2) {
      return Text.equal(a, b) == (condition == 0) ? 1 : 0;
    }
    return compare(condition, Text.flat(a).compareTo(Text.flat(b)));
  }

  private static int branch(Loop loop, int[] code, int at, boolean taken) {
    loop.fuel -= code[at + (taken ? 1 : 2)];
    return taken ? code[at] : at + 3;
  }

  private static int select(Loop loop, int[] code, int pc, int number) {
    int at = pc + 3 + 2 * (number + 1);
    loop.fuel -= code[at + 1];
    return code[at];
  }

  private RuntimeException trap(int number) {
    Trap trap = Trap.of(number);
    if (trap == null) {
      throw new IllegalStateException("unverified trap " + number);
    }
    if (trap.errorClass() == null) {
      return new LimitException(trap, trap.label());
    }
    return new TrapException(
        trap, trap == Trap.UNREACHABLE ? "unreachable code was reached" : trap.label());
  }

  private Object counted(@Nullable Object text) {
    if (text == null) {
      throw new TrapException(Trap.LENGTH_LIMIT, "string longer than " + Text.MAX_LENGTH);
    }
    polls.allocate(32 + 2L * Text.length(text));
    return text;
  }

  private Object concatenate(@Nullable Object[] r, int base, int n) {
    long length = 0;
    for (int i = 0; i < n; i++) {
      length += Text.length(r[base + i]);
    }
    if (length > 256) {
      Object text = r[base];
      for (int i = 1; i < n && text != null; i++) {
        text = Text.concat(text, r[base + i]);
      }
      return counted(text);
    }
    StringBuilder out = new StringBuilder((int) length);
    for (int i = 0; i < n; i++) {
      out.append(Text.flat(r[base + i]));
    }
    polls.allocate(32 + 2 * length);
    return out.toString();
  }
}

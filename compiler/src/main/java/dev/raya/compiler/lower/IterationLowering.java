package dev.raya.compiler.lower;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrClass;
import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.IrType.Basic;
import dev.raya.compiler.ir.Unions;
import dev.raya.compiler.tree.Expr;
import dev.raya.compiler.tree.Iteration;
import dev.raya.compiler.tree.Stmt;
import dev.raya.compiler.types.Type;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;

/** {@code for…of} and spread over everything that can be walked. */
final class IterationLowering {
  /** A walk that is set up: how to go on, how to get the value, what to do between rounds. */
  private interface Walk {
    /** Pushes whether there is a next element. */
    void hasNext();

    /** Pushes the element and moves on. */
    IrType next();
  }

  private final FunctionLowering f;
  private final CodeDraft code;

  IterationLowering(FunctionLowering f) {
    this.f = f;
    this.code = f.code();
  }

  void forOf(Stmt.ForOf s) {
    Walk walk = begin(s.iteration(), s.subject());
    int body = code.block();
    int test = code.block();
    int after = code.block();
    code.jump(test);
    code.begin(body);
    IrType element = walk.next();
    f.coercion().widen(element, f.type(s.variable().type()), false);
    f.declare(s.variable());
    f.statements().looped(s.label(), after, test, s.body());
    code.begin(test);
    walk.hasNext();
    code.branch(Opcode.JMP_IF_TRUE, body, after);
    code.begin(after);
  }

  /** Appends what a spread gives to the array in a local. */
  void appendAll(int array, IrType.Array type, Iteration iteration, Expr subject) {
    if (iteration == Iteration.ARRAY && f.type(subject) instanceof IrType.Array source) {
      if (source.element().equals(type.element())) {
        code.load(array);
        f.expressions().value(subject);
        code.builtin("array.pushAll", 2);
        return;
      }
    }
    append(array, type, begin(iteration, subject));
  }

  private void append(int array, IrType.Array type, Walk walk) {
    int test = code.block();
    int body = code.block();
    int after = code.block();
    // The test stands first: values may be on the stack, and what they are is known from before.
    code.begin(test);
    walk.hasNext();
    code.branch(Opcode.JMP_IF_FALSE, after, body);
    code.begin(body);
    code.load(array);
    f.coercion().widen(walk.next(), type.element(), false);
    code.plain(Opcode.ARRAY_PUSH);
    code.jump(test);
    code.begin(after);
  }

  /** The array, string, Map or Set on the stack becomes an object of type {@code Iterable<T>}. */
  IrType toIterable(IrType found, Type target) {
    IrType element =
        target instanceof Type.Structure s
            ? f.type(s.arguments().getFirst())
            : f.type(target); // not reached: only Iterable<T> takes such values
    IrType.Array array = new IrType.Array(element, false);
    if (!(found instanceof IrType.Array)) {
      int copy = f.scratch(array);
      int held = hold(found);
      f.expressions().literals().emptyArray(array);
      code.store(copy);
      Iteration iteration =
          found == Basic.STRING
              ? Iteration.STRING
              : argumentsOf(found).size() == 2 ? Iteration.MAP : Iteration.SET;
      code.load(held);
      append(copy, array, walk(iteration, found));
      code.load(copy);
    }
    return f.callTemplate("Iterable.ofArray", List.of(element), 1);
  }

  private Walk begin(Iteration iteration, Expr subject) {
    return walk(iteration, f.expressions().value(subject));
  }

  private Walk walk(Iteration iteration, IrType type) {
    return switch (iteration) {
      case ARRAY -> array(type);
      case STRING -> string();
      case MAP -> map(type);
      case SET -> set(type);
      case CHANNEL -> channel(type);
      case ITERABLE -> iterable(type);
      case JSON -> throw new IllegalStateException("a walk over json");
    };
  }

  private int hold(IrType type) {
    int local = f.scratch(type);
    code.store(local);
    return local;
  }

  private int zero() {
    code.constant(0);
    return hold(Basic.INT);
  }

  private Walk array(IrType given) {
    IrType.Array type = given instanceof IrType.Tuple tuple ? spill(tuple) : (IrType.Array) given;
    int array = hold(type);
    int index = zero();
    return new Walk() {
      @Override
      public void hasNext() {
        code.load(index);
        code.load(array);
        code.plain(Opcode.ARRAY_LEN);
        code.plain(Opcode.ILT);
      }

      @Override
      public IrType next() {
        code.load(array);
        code.load(index);
        code.plain(Opcode.LOAD_ELEM);
        code.add(new Instruction.Increment(index, 1));
        return type.element();
      }
    };
  }

  /** The tuple on the stack becomes an array of its elements. */
  IrType.Array spill(IrType.Tuple tuple) {
    int held = hold(tuple);
    IrType.Array type = new IrType.Array(Unions.of(tuple.elements()), false);
    code.add(new Instruction.Literal(Opcode.ARRAY_LITERAL, type, tuple.elements().size()));
    for (int i = 0; i < tuple.elements().size(); i++) {
      code.load(held);
      code.add(new Instruction.Counted(Opcode.TUPLE_GET, i));
      f.coercion().widen(tuple.elements().get(i), type.element(), false);
    }
    code.add(new Instruction.Counted(Opcode.INIT_ARRAY, tuple.elements().size()));
    return type;
  }

  private Walk string() {
    int text = hold(Basic.STRING);
    int index = zero();
    return new Walk() {
      @Override
      public void hasNext() {
        code.load(index);
        code.load(text);
        code.plain(Opcode.SLEN);
        code.plain(Opcode.ILT);
      }

      @Override
      public IrType next() {
        code.load(text);
        code.load(index);
        code.plain(Opcode.I2N);
        code.load(text);
        code.load(index);
        code.builtin("string.nextCodePoint", 2);
        code.plain(Opcode.DUP);
        code.store(index);
        code.plain(Opcode.I2N);
        code.builtin("string.slice", 3);
        return Basic.STRING;
      }
    };
  }

  private List<IrType> argumentsOf(IrType type) {
    if (f.lowering().classes().collection(type) instanceof IrType.ClassType root
        && f.lowering().tables().classOf(root) instanceof IrClass.Collection collection) {
      return collection.typeArguments();
    }
    throw new IllegalStateException("not a Map or Set: " + type);
  }

  private Walk map(IrType type) {
    List<IrType> arguments = argumentsOf(type);
    IrType.Tuple entry = new IrType.Tuple(arguments, false);
    int map = hold(type);
    int cursor = cursor(map, "map.cursor");
    return new Walk() {
      @Override
      public void hasNext() {
        pair(map, cursor, "map.advance");
      }

      @Override
      public IrType next() {
        code.typed(Opcode.TUPLE_LITERAL, entry);
        pair(map, cursor, "map.cursorKey");
        pair(map, cursor, "map.cursorValue");
        code.add(new Instruction.Counted(Opcode.INIT_TUPLE, 2));
        return entry;
      }
    };
  }

  private Walk set(IrType type) {
    IrType element = argumentsOf(type).getFirst();
    int set = hold(type);
    int cursor = cursor(set, "set.cursor");
    return new Walk() {
      @Override
      public void hasNext() {
        pair(set, cursor, "set.advance");
      }

      @Override
      public IrType next() {
        pair(set, cursor, "set.cursorValue");
        return element;
      }
    };
  }

  private int cursor(int collection, String builtin) {
    code.load(collection);
    code.builtin(builtin, 1);
    return hold(Basic.FOREIGN);
  }

  private void pair(int collection, int cursor, String builtin) {
    code.load(collection);
    code.load(cursor);
    code.builtin(builtin, 2);
  }

  private Walk channel(IrType type) {
    IrType base = type instanceof IrType.Channel ? type : f.lowering().classes().builtinBase(type);
    if (!(base instanceof IrType.Channel channel)) {
      throw new IllegalStateException("a walk over " + type);
    }
    // What a class overrides is not called, as in walks over its other collections.
    code.builtin("channel.self", 1);
    int held = hold(channel);
    if (Unions.hasNull(channel.element())) {
      return taking(held, channel);
    }
    IrType received = Unions.nullable(channel.element());
    int value = f.scratch(received);
    return new Walk() {
      @Override
      public void hasNext() {
        code.load(held);
        code.plain(Opcode.CHAN_RECV);
        code.plain(Opcode.DUP);
        code.store(value);
        code.plain(Opcode.IS_NULL);
        code.plain(Opcode.NOT);
      }

      @Override
      public IrType next() {
        code.load(value);
        f.coercion().narrow(received, channel.element());
        return channel.element();
      }
    };
  }

  /** A walk over a channel whose values may be null: each comes in an array of its own. */
  private Walk taking(int held, IrType.Channel channel) {
    IrType.Array box = new IrType.Array(channel.element(), false);
    int value = f.scratch(box);
    return new Walk() {
      @Override
      public void hasNext() {
        code.load(held);
        code.builtin("channel.take", 1);
        code.plain(Opcode.DUP);
        code.store(value);
        code.plain(Opcode.ARRAY_LEN);
        code.plain(Opcode.TO_BOOL);
      }

      @Override
      public IrType next() {
        code.load(value);
        code.constant(0);
        code.plain(Opcode.LOAD_ELEM);
        return channel.element();
      }
    };
  }

  private Walk iterable(IrType type) {
    IrType.Function iterator = f.lowering().methodType(type, "iterator");
    code.add(new Instruction.CallInterface("iterator", iterator, 0));
    int held = hold(iterator.result());
    IrType.Function next = f.lowering().methodType(iterator.result(), "next");
    IrType result = next.result();
    int step = f.scratch(result);
    IrType found = f.lowering().variantWith(result, "value");
    return new Walk() {
      @Override
      public void hasNext() {
        code.load(held);
        code.add(new Instruction.CallInterface("next", next, 0));
        code.plain(Opcode.DUP);
        code.store(step);
        code.add(new Instruction.Named(Opcode.LOAD_FIELD_NAMED, "done"));
        code.plain(Opcode.NOT);
      }

      @Override
      public IrType next() {
        code.load(step);
        f.coercion().narrow(result, found);
        code.add(new Instruction.Named(Opcode.LOAD_FIELD_NAMED, "value"));
        return f.lowering().propertyType(found, "value");
      }
    };
  }
}

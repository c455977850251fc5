package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.BOOL;
import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.NUMBER;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.Opcode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** int and number instructions, comparisons, branches and switches (rbin.md 4). */
class ArithmeticTest {
  private static final int[] INTS = {
    0, 1, -1, 2, 7, 31, 32, -32, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE
  };

  private static int ofInts(Opcode op, int a, int b) {
    return switch (op) {
      case IADD -> a + b;
      case ISUB -> a - b;
      case IMUL -> a * b;
      case IDIV -> a / b;
      case IMOD -> a % b;
      case IAND -> a & b;
      case IOR -> a | b;
      case IXOR -> a ^ b;
      case ISHL -> a << b;
      case ISHR -> a >> b;
      case IUSHR -> a >>> b;
      case IEQ -> a == b ? 1 : 0;
      case INE -> a != b ? 1 : 0;
      case ILT -> a < b ? 1 : 0;
      case ILE -> a <= b ? 1 : 0;
      case IGT -> a > b ? 1 : 0;
      case IGE -> a >= b ? 1 : 0;
      default -> throw new AssertionError(op);
    };
  }

  /** Each operation with both operands in locals, the right one constant, the left one constant. */
  @Test
  void intOperationsAgreeWithTwosComplement() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int a = main.local(INT);
    int b = main.local(INT);
    StringBuilder expected = new StringBuilder();
    List<Opcode> operations =
        List.of(
            Opcode.IADD,
            Opcode.ISUB,
            Opcode.IMUL,
            Opcode.IDIV,
            Opcode.IMOD,
            Opcode.IAND,
            Opcode.IOR,
            Opcode.IXOR,
            Opcode.ISHL,
            Opcode.ISHR,
            Opcode.IUSHR);
    for (Opcode op : operations) {
      for (int x : INTS) {
        for (int y : INTS) {
          if (y == 0 && (op == Opcode.IDIV || op == Opcode.IMOD)) {
            continue;
          }
          main.constant(x).storeLocal(a).constant(y).storeLocal(b);
          print(main.loadLocal(a).loadLocal(b).emit(op));
          print(main.loadLocal(a).constant(y).emit(op));
          print(main.constant(x).loadLocal(b).emit(op));
          expected.append((ofInts(op, x, y) + "\n").repeat(3));
        }
      }
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo(expected.toString());
  }

  @Test
  void intComparisonsAgreeAsValuesAndInBranches() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int a = main.local(INT);
    int b = main.local(INT);
    StringBuilder expected = new StringBuilder();
    for (Opcode op :
        List.of(Opcode.IEQ, Opcode.INE, Opcode.ILT, Opcode.ILE, Opcode.IGT, Opcode.IGE)) {
      for (int x : new int[] {-1, 0, 5, Integer.MIN_VALUE}) {
        for (int y : new int[] {-1, 0, 5, Integer.MAX_VALUE}) {
          main.constant(x).storeLocal(a).constant(y).storeLocal(b);
          print(main.loadLocal(a).loadLocal(b).emit(op));
          branch(main.loadLocal(a).loadLocal(b).emit(op), Opcode.JMP_IF_TRUE);
          branch(main.loadLocal(a).loadLocal(b).emit(op), Opcode.JMP_IF_FALSE);
          branch(main.loadLocal(a).constant(y).emit(op).emit(Opcode.NOT), Opcode.JMP_IF_FALSE);
          boolean holds = ofInts(op, x, y) != 0;
          expected.append(holds).append('\n');
          expected.append(holds ? "jump\n" : "fall\n");
          expected.append(holds ? "fall\n" : "jump\n");
          expected.append(holds ? "jump\n" : "fall\n");
        }
      }
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo(expected.toString());
  }

  private static void branch(FunctionBuilder f, Opcode jump) {
    Label taken = f.newLabel();
    Label end = f.newLabel();
    f.jump(jump, taken);
    f.constant("fall").builtin("console.log", 1).jump(Opcode.JMP, end);
    f.bind(taken).constant("jump").builtin("console.log", 1).bind(end);
  }

  private static String text(double value) {
    return dev.raya.vm.value.Numbers.text(value);
  }

  @Test
  void numberOperationsAreBinary64() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    int a = main.local(NUMBER);
    int b = main.local(NUMBER);
    StringBuilder expected = new StringBuilder();
    double[] values = {0.0, -0.0, 1.5, -2.25, 1e300, 5e-324, Double.NaN, Double.POSITIVE_INFINITY};
    for (double x : values) {
      for (double y : values) {
        main.constant(x).storeLocal(a).constant(y).storeLocal(b);
        for (Opcode op : List.of(Opcode.FADD, Opcode.NSUB, Opcode.FMUL, Opcode.NDIV, Opcode.FMOD)) {
          double wanted =
              switch (op) {
                case FADD -> x + y;
                case NSUB -> x - y;
                case FMUL -> x * y;
                case NDIV -> x / y;
                default -> x % y;
              };
          print(main.loadLocal(a).loadLocal(b).emit(op));
          print(main.loadLocal(a).constant(y).emit(op));
          print(main.constant(x).loadLocal(b).emit(op));
          expected.append((text(wanted) + "\n").repeat(3));
        }
        for (Opcode op :
            List.of(Opcode.FEQ, Opcode.NNE, Opcode.FLT, Opcode.NLE, Opcode.FGT, Opcode.NGE)) {
          boolean holds =
              switch (op) {
                case FEQ -> x == y;
                case NNE -> x != y;
                case FLT -> x < y;
                case NLE -> x <= y;
                case FGT -> x > y;
                default -> x >= y;
              };
          print(main.loadLocal(a).loadLocal(b).emit(op));
          branch(main.loadLocal(a).loadLocal(b).emit(op), Opcode.JMP_IF_TRUE);
          branch(main.loadLocal(a).loadLocal(b).emit(op), Opcode.JMP_IF_FALSE);
          expected.append(holds).append(holds ? "\njump\nfall\n" : "\nfall\njump\n");
        }
      }
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo(expected.toString());
  }

  @Test
  void conversionsRoundAndTrap() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    print(main.constant(2.9).emit(Opcode.F2I));
    print(main.constant(-2.9).emit(Opcode.F2I));
    print(main.constant(-0.5).emit(Opcode.FROUND).emit(Opcode.FNEG));
    print(main.constant(2.5).emit(Opcode.FROUND));
    print(main.constant(-1.5).emit(Opcode.FROUND));
    print(main.constant(4294967297.0).emit(Opcode.F2I_BITS));
    print(main.constant(-1).constant(0).emit(Opcode.IUSHR_N));
    print(main.constant(3.0).emit(Opcode.N2I));
    print(main.constant(0.5).emit(Opcode.N2I));
    main.emit(Opcode.RETURN_VOID);
    TestProgram.Result result = p.run();
    assertThat(result.out()).isEqualTo("2\n-2\n0\n3\n-1\n1\n4294967295\n3\n");
    assertThat(result.err()).startsWith("Uncaught RangeError: index 0.5 is not a whole number");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void divisionByZeroIsARangeError() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.mainInt();
    int zero = main.local(INT);
    main.constant(1).loadLocal(zero).emit(Opcode.IDIV).emit(Opcode.RETURN);
    TestProgram.Result result = p.run();
    assertThat(result.err()).startsWith("Uncaught RangeError: division by zero\n    at main (");
    assertThat(result.exitCode()).isEqualTo(1);
  }

  @Test
  void switchesSelectByKey() {
    TestProgram p = new TestProgram();
    FunctionBuilder f = p.function("pick", INT, INT);
    Label one = f.newLabel();
    Label far = f.newLabel();
    Label other = f.newLabel();
    java.util.TreeMap<Integer, Label> cases = new java.util.TreeMap<>();
    cases.put(1, one);
    cases.put(1_000_000, far);
    f.loadLocal(0).intSwitch(cases, other);
    f.bind(one).constant(10).emit(Opcode.RETURN);
    f.bind(far).constant(20).emit(Opcode.RETURN);
    f.bind(other).constant(30).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    for (int x : new int[] {1, 2, 1_000_000, -5}) {
      print(main.constant(x).emit(Opcode.CALL, f.handle(), 1));
    }
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("10\n30\n20\n30\n");
  }

  @Test
  void exitCodeIsMainsResultModulo256() {
    TestProgram p = new TestProgram();
    p.mainInt().constant(-1).emit(Opcode.RETURN);
    assertThat(p.run().exitCode()).isEqualTo(255);
  }

  /**
   * Random straight-line int code against the same computation in Java: operand folding must not
   * reorder effects.
   */
  @Test
  void randomExpressionsMatchJava() {
    Random random = new Random(42);
    for (int round = 0; round < 60; round++) {
      TestProgram p = new TestProgram();
      FunctionBuilder main = p.main();
      int[] locals = new int[4];
      int[] values = new int[4];
      for (int i = 0; i < 4; i++) {
        locals[i] = main.local(INT);
        values[i] = random.nextInt();
        main.constant(values[i]).storeLocal(locals[i]);
      }
      int[] stack = new int[12];
      int depth = 0;
      for (int step = 0; step < 200; step++) {
        int choice = random.nextInt(9);
        int k = random.nextInt(4);
        if (choice < 3 && depth < 10) {
          main.loadLocal(locals[k]);
          stack[depth++] = values[k];
        } else if (choice == 3 && depth < 10) {
          int value = random.nextInt(100);
          main.constant(value);
          stack[depth++] = value;
        } else if (choice == 4 && depth > 0) {
          main.storeLocal(locals[k]);
          values[k] = stack[--depth];
        } else if (choice == 5) {
          main.emit(Opcode.IINC_LOCAL, locals[k], 3);
          values[k] += 3;
        } else if (choice == 6 && depth > 1) {
          main.emit(Opcode.SWAP);
          int top = stack[depth - 1];
          stack[depth - 1] = stack[depth - 2];
          stack[depth - 2] = top;
        } else if (choice == 7 && depth > 0 && depth < 10) {
          main.emit(Opcode.DUP);
          stack[depth] = stack[depth - 1];
          depth++;
        } else if (depth > 1) {
          Opcode op =
              List.of(Opcode.IADD, Opcode.ISUB, Opcode.IMUL, Opcode.IXOR).get(random.nextInt(4));
          main.emit(op);
          depth--;
          stack[depth - 1] = ofInts(op, stack[depth - 1], stack[depth]);
        }
      }
      StringBuilder expected = new StringBuilder();
      while (depth > 0) {
        print(main);
        expected.append(stack[--depth]).append('\n');
      }
      for (int i = 0; i < 4; i++) {
        print(main.loadLocal(locals[i]));
        expected.append(values[i]).append('\n');
      }
      main.emit(Opcode.RETURN_VOID);
      assertThat(p.run().out()).as("round %s", round).isEqualTo(expected.toString());
    }
  }

  @Test
  void truthinessOfBooleansAndNumbers() {
    TestProgram p = new TestProgram();
    FunctionBuilder main = p.main();
    print(main.constant(0.0).emit(Opcode.TO_BOOL));
    print(main.constant(Double.NaN).emit(Opcode.TO_BOOL));
    print(main.constant(3).emit(Opcode.TO_BOOL));
    print(main.constant("").emit(Opcode.TO_BOOL));
    print(main.constant("x").emit(Opcode.TO_BOOL).emit(Opcode.NOT));
    int flag = main.local(BOOL);
    print(main.loadLocal(flag).constant(true).emit(Opcode.BNE));
    main.emit(Opcode.RETURN_VOID);
    assertThat(p.run().out()).isEqualTo("false\nfalse\ntrue\nfalse\nfalse\ntrue\n");
  }
}

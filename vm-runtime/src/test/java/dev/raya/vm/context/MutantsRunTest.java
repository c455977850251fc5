package dev.raya.vm.context;

import static dev.raya.vm.context.TestProgram.INT;
import static dev.raya.vm.context.TestProgram.NUMBER;
import static dev.raya.vm.context.TestProgram.STRING;
import static dev.raya.vm.context.TestProgram.print;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.ClassRef;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Label;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.RType;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule.FieldDef;
import dev.raya.vm.bytecode.RbinModule.FunctionDef;
import dev.raya.vm.bytecode.RbinModule.Slot;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the verifier accepts runs to a Raya-level end (rbin.md 11.4): mutated files are run
 * under limits, and neither an exception of Java nor a fault inside the VM may come of it.
 */
class MutantsRunTest {
  private static final int MUTATIONS = 30_000;

  private static byte[] program() throws RbinException {
    TestProgram p = new TestProgram();
    int union = p.builder.unionOf(List.of(INT, STRING, TestProgram.NULL));
    int ints = p.builder.arrayOf(INT);
    int pair = p.builder.type(new RType.TupleType(List.of(STRING, NUMBER), false));
    int base = p.builder.declareClass();
    int method = p.type(NUMBER, INT);
    FunctionBuilder area =
        p.builder.function(p.module, "area", method, FunctionDef.METHOD, base, -1);
    area.loadLocal(0)
        .loadField(0)
        .loadLocal(1)
        .emit(Opcode.I2N)
        .emit(Opcode.FMUL)
        .emit(Opcode.RETURN);
    p.define(
        base,
        "Base",
        ClassRef.NONE,
        List.of(
            new FieldDef("x", NUMBER, 0),
            new FieldDef("s", STRING, 0),
            new FieldDef("u", union, 0)),
        -1,
        List.of(new Slot("area", area.handle())));
    int shape =
        p.builder.type(
            new RType.InterfaceType(
                "Shape",
                List.of(new RType.Property("area", method, RType.Property.METHOD)),
                List.of()));
    FunctionBuilder fib = p.function("fib", INT, INT);
    Label rec = fib.newLabel();
    fib.loadLocal(0)
        .constant(2)
        .emit(Opcode.ILT)
        .jump(Opcode.JMP_IF_FALSE, rec)
        .loadLocal(0)
        .emit(Opcode.RETURN);
    fib.bind(rec).loadLocal(0).constant(1).emit(Opcode.ISUB).emit(Opcode.CALL, fib.handle(), 1);
    fib.loadLocal(0)
        .constant(2)
        .emit(Opcode.ISUB)
        .emit(Opcode.CALL, fib.handle(), 1)
        .emit(Opcode.IADD)
        .emit(Opcode.RETURN);
    FunctionBuilder worker =
        p.builder.function(p.module, "worker", p.type(INT, INT), FunctionDef.ASYNC);
    worker.loadLocal(0).emit(Opcode.CALL, fib.handle(), 1).emit(Opcode.RETURN);
    FunctionBuilder main = p.main();
    int o = main.local(p.builder.classType(base));
    int a = main.local(ints);
    int i = main.local(INT);
    int e = main.local(TestProgram.ERROR);
    int s = main.local(STRING);
    Label start = main.here();
    Label end = main.newLabel();
    Label handler = main.newLabel();
    Label after = main.newLabel();
    main.emit(Opcode.NEW, p.builder.classType(base)).storeLocal(o);
    main.loadLocal(o).constant(2.5).storeField(0);
    main.loadLocal(o).constant(7).emit(Opcode.WIDEN, union).storeField(2);
    print(main.loadLocal(o).constant(4).emit(Opcode.CALL_METHOD, 0, 1));
    print(main.loadLocal(o).constant(3).callInterface("area", 1));
    print(main.loadLocal(o).loadField(2));
    main.constant(5).emit(Opcode.NEW_ARRAY, ints).storeLocal(a);
    Label loop = main.newLabel();
    Label done = main.newLabel();
    main.constant(0)
        .storeLocal(i)
        .bind(loop)
        .loadLocal(i)
        .loadLocal(a)
        .emit(Opcode.ARRAY_LEN)
        .emit(Opcode.ILT)
        .jump(Opcode.JMP_IF_FALSE, done);
    main.loadLocal(a)
        .loadLocal(i)
        .loadLocal(i)
        .emit(Opcode.CALL, fib.handle(), 1)
        .emit(Opcode.STORE_ELEM);
    main.loadLocal(s).loadLocal(i).emit(Opcode.TO_STRING).emit(Opcode.SCONCAT).storeLocal(s);
    main.emit(Opcode.IINC_LOCAL, i, 1).jump(Opcode.JMP, loop).bind(done);
    main.loadLocal(s).builtin("console.log", 1);
    main.emit(Opcode.TUPLE_LITERAL, pair)
        .constant("t")
        .constant(1.5)
        .emit(Opcode.INIT_TUPLE, 2)
        .emit(Opcode.TUPLE_GET, 1);
    print(main);
    print(main.constant(6).emit(Opcode.SPAWN, worker.handle(), 1).emit(Opcode.AWAIT));
    print(main.loadLocal(a).constant(9).emit(Opcode.LOAD_ELEM));
    main.bind(end).jump(Opcode.JMP, after).bind(handler).storeLocal(e);
    main.loadLocal(e).loadField(3).builtin("console.log", 1).bind(after).emit(Opcode.RETURN_VOID);
    main.handler(start, end, handler, ClassRef.NONE);
    assertThat(shape).isPositive();
    return RbinWriter.write(p.builder.build());
  }

  private static byte[] mutate(byte[] original, Random random) throws NoSuchAlgorithmException {
    byte[] bytes = original.clone();
    int edits = 1 + random.nextInt(2);
    for (int k = 0; k < edits; k++) {
      int at = 64 + random.nextInt(bytes.length - 64);
      if (random.nextBoolean()) {
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        bytes[at] = (byte) random.nextInt(256);
      }
    }
    Arrays.fill(bytes, 32, 64, (byte) 0);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    System.arraycopy(digest, 0, bytes, 32, 32);
    return bytes;
  }

  @Test
  void acceptedMutantsEndAtTheLevelOfRaya() throws Exception {
    byte[] original = program();
    VmOptions options =
        VmOptions.defaults()
            .withLimits(OptionalLong.of(4 << 20), OptionalInt.of(50), OptionalLong.of(50_000))
            .withMaxCallDepth(200);
    assertThat(TestProgram.run(Verifier.verify(original), options).err()).isEmpty();
    Random random = new Random(7);
    int ran = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = mutate(original, random);
      VerifiedModule module;
      try {
        module = Verifier.verify(bytes);
      } catch (RbinException refused) {
        continue;
      }
      TestHost host = new TestHost();
      try (RayaRuntime runtime = new RayaRuntime(host, "1.0.0")) {
        runtime.run(new TestProgram.OneModule(module), "test", options);
        ran++;
      } catch (VmException refused) {
        continue;
      } catch (RuntimeException | StackOverflowError fault) {
        throw new AssertionError("mutation " + i, fault);
      }
      assertThat(host.err.toString() + host.out)
          .as("mutation %s", i)
          .doesNotContain("internal error");
    }
    assertThat(ran).isGreaterThan(500);
  }
}

package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.vm.bytecode.RType.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Large and deep input stays linear in time and within the Java stack. */
class HostileSizeTest {
  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private static void verifyInTime(byte[] bytes) {
    Assertions.assertTimeout(
        GENEROUS,
        () -> {
          try {
            Verifier.verify(bytes);
          } catch (RbinException e) {
            assertThat(e.kind()).isEqualTo(RbinErrorKind.LIMIT_EXCEEDED);
          }
        });
  }

  @Test
  void aLargeModuleVerifies() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("large"));
    int module = builder.module("", true);
    int type = builder.functionType(List.of(PredefinedType.INT), PredefinedType.INT);
    for (int i = 0; i < 600; i++) {
      FunctionBuilder f = builder.function(module, "f" + i, type, 0);
      for (int k = 0; k < 400; k++) {
        f.loadLocal(0).constant(k * 1_000).emit(Opcode.IADD).storeLocal(0);
      }
      f.loadLocal(0).emit(Opcode.RETURN);
    }
    byte[] bytes = RbinWriter.write(builder.build());
    assertThat(bytes.length).isGreaterThan(1 << 20);
    verifyInTime(bytes);
  }

  @Test
  void aLongChainOfTypesDoesNotExhaustTheJavaStack() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("deep"));
    int module = builder.module("", true);
    int a = PredefinedType.INT;
    int b = PredefinedType.INT;
    for (int i = 0; i < 20_000; i++) {
      a = builder.type(chain("a", a));
      b = builder.type(chain("b", b));
    }
    int from = a;
    int to = b;
    FunctionBuilder f = builder.function(module, "f", builder.functionType(List.of(from), to), 0);
    f.loadLocal(0).emit(Opcode.RETURN);
    assertThatThrownBy(builder::build)
        .isInstanceOfSatisfying(
            RbinException.class, e -> assertThat(e.kind()).isEqualTo(RbinErrorKind.LIMIT_EXCEEDED));
  }

  private static RType chain(String name, int next) {
    return new RType.InterfaceType(
        name, List.of(new Property("next", next, Property.READ_ONLY)), List.of());
  }

  @Test
  void manyJumpsWithDeepStacksAreLinear() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("jumps"));
    int module = builder.module("", true);
    FunctionBuilder f =
        builder.function(module, "f", builder.functionType(List.of(), PredefinedType.VOID), 0);
    int depth = 4_000;
    for (int i = 0; i < depth; i++) {
      f.emit(Opcode.CONST_NULL);
    }
    Label end = f.newLabel();
    for (int i = 0; i < 100_000; i++) {
      f.constant(true).jump(Opcode.JMP_IF_TRUE, end);
    }
    f.bind(end);
    for (int i = 0; i < depth; i++) {
      f.emit(Opcode.POP);
    }
    f.emit(Opcode.RETURN_VOID);
    verifyInTime(RbinWriter.write(builder.build()));
  }

  @Test
  void collidingTypesAreFoundInTime() throws RbinException {
    RbinBuilder builder = new RbinBuilder(Modules.meta("collide"));
    int module = builder.module("", true);
    List<Integer> params = new ArrayList<>();
    int function = 0;
    for (int i = 0; i < 1 << 13; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 13; bit++) {
        name.append((i & 1 << bit) == 0 ? "Aa" : "BB");
      }
      params.add(builder.type(chain(name.toString(), PredefinedType.INT)));
      if (params.size() == 200) {
        FunctionBuilder f =
            builder.function(
                module, "f" + function++, builder.functionType(params, PredefinedType.VOID), 0);
        f.emit(Opcode.RETURN_VOID);
        params.clear();
      }
    }
    verifyInTime(RbinWriter.write(builder.build()));
  }
}

package dev.raya.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.CoreModule;
import dev.raya.vm.bytecode.FunctionBuilder;
import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.PredefinedType;
import dev.raya.vm.bytecode.RbinBuilder;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Sha256;
import dev.raya.vm.bytecode.Verifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bytecode with parts moved, doubled, cut and mixed, and the file's digest made right again; {@code
 * MutationTest} of the VM changes bytes in their places.
 */
final class RbinFuzzTest {
  private static final int DIGEST = 32;
  private static final int DIGEST_END = 64;
  private static final int SIZE = 16;

  private static byte[] small() {
    RbinBuilder builder =
        new RbinBuilder(
            new RbinModule.Meta(
                "fuzz", "1.0.0", "", "test 1", 1, 0, 0, Sha256.ZERO, Sha256.ZERO, Sha256.ZERO));
    int module = builder.module("", true);
    FunctionBuilder main =
        builder.function(
            module,
            "main",
            builder.functionType(List.of(), PredefinedType.VOID),
            RbinModule.FunctionDef.ENTRY);
    main.constant("hello").builtin("console.log", 1).emit(Opcode.RETURN_VOID);
    try {
      return RbinWriter.write(builder.build());
    } catch (RbinException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the file's size and digest right, so that what lies behind them is reached. */
  private static byte[] repaired(byte[] bytes) {
    if (bytes.length >= DIGEST_END) {
      for (int i = 0; i < 8; i++) {
        bytes[SIZE + i] = (byte) ((long) bytes.length >> 8 * i);
      }
      Arrays.fill(bytes, DIGEST, DIGEST_END, (byte) 0);
      System.arraycopy(Sha256.hash(bytes).toBytes(), 0, bytes, DIGEST, DIGEST_END - DIGEST);
    }
    return bytes;
  }

  private static void run(Fuzz fuzz) throws Exception {
    Mutator mutator =
        new Mutator(fuzz.random(), List.of(small(), RbinWriter.write(CoreModule.build())));
    Fuzz.Outcome outcome =
        fuzz.run(
            () -> repaired(mutator.bytes()),
            input -> {
              RbinModule module = Verifier.verify(input).module();
              byte[] written = RbinWriter.write(module);
              boolean newer = input[4] != 0 || input[5] != 0 || written[12] != input[12];
              assertThat(newer || Arrays.equals(written, input)).as("canonical").isTrue();
            });
    assertThat(outcome.refused()).isPositive();
  }

  private static Fuzz fuzz() {
    return Fuzz.brief("rbin", e -> e instanceof RbinException, 64 << 20);
  }

  @Test
  @Timeout(120)
  void changedBytecodeIsRefusedOrCanonical() throws Exception {
    run(fuzz());
  }

  @Test
  @Tag("long")
  void changedBytecodeIsRefusedOrCanonicalForLong() throws Exception {
    run(fuzz().longer());
  }
}

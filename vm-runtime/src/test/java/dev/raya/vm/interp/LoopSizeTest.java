package dev.raya.vm.interp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * HotSpot does not compile methods over 8 000 bytes unless it is told to: the interpreter's stay
 * below (vm.md 0).
 */
class LoopSizeTest {
  private static final int LIMIT = 8_000;

  @Test
  void theInterpretersMethodsAreSmallEnoughToBeCompiled() throws IOException {
    for (Class<?> type :
        new Class<?>[] {Loop.class, ColdInstructions.class, TaskInstructions.class}) {
      try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
        for (MethodModel method :
            ClassFile.of().parse(Objects.requireNonNull(in).readAllBytes()).methods()) {
          int bytes = method.code().map(code -> ((CodeAttribute) code).codeLength()).orElse(0);
          assertThat(bytes)
              .as("%s.%s", type.getSimpleName(), method.methodName())
              .isLessThan(LIMIT);
        }
      }
    }
  }
}

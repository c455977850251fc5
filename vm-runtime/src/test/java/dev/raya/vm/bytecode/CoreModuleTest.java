package dev.raya.vm.bytecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class CoreModuleTest {
  @Test
  void itIsAnOrdinaryModule() throws RbinException {
    RbinModule core = CoreModule.build();
    assertThat(Verifier.verify(RbinWriter.write(core)).module()).isEqualTo(core);
  }

  @Test
  void everyCatchableTrapHasItsClass() {
    RbinModule core = CoreModule.build();
    for (Trap trap : Trap.values()) {
      if (trap.errorClass() != null) {
        assertThat(core.classes())
            .anyMatch(c -> c.name().equals(Objects.requireNonNull(trap.errorClass())));
      }
    }
  }
}

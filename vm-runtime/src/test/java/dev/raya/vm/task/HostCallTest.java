package dev.raya.vm.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Work of the host has an outcome however it ends (vm.md 5.4). */
class HostCallTest {
  @Test
  void anErrorOfTheJavaVmIsAnOutcomeToo() {
    OutOfMemoryError full = new OutOfMemoryError("full");
    HostCall call =
        new HostCall(
            () -> {
              throw full;
            });
    call.run();
    assertThat(call.isDone()).isTrue();
    assertThat(call.failure()).isSameAs(full);
    assertThat(call.result()).isNull();
  }
}

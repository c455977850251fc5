package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** How many publishes go on at once. */
final class UploadSlotsTest {
  private static void refused(UploadSlots slots, long account, Problem problem) {
    assertThatThrownBy(() -> slots.take(account))
        .isInstanceOfSatisfying(
            RegistryException.class, refusal -> assertThat(refusal.problem()).isEqualTo(problem));
  }

  @Test
  void oneAccountTakesItsOwnAndLeavesTheOthersTheirs() throws RegistryException {
    UploadSlots slots = new UploadSlots();
    Deque<UploadSlots.Slot> taken = new ArrayDeque<>();
    for (int i = 0; i < UploadSlots.OF_ACCOUNT; i++) {
      taken.add(slots.take(1));
    }
    refused(slots, 1, Problem.TOO_MANY_REQUESTS);
    taken.add(slots.take(2));
    taken.remove().close();
    taken.add(slots.take(1));
    refused(slots, 1, Problem.TOO_MANY_REQUESTS);
    taken.forEach(UploadSlots.Slot::close);
    slots.take(1).close();
  }

  @Test
  void manyAccountsTogetherAreBoundedToo() throws RegistryException {
    UploadSlots slots = new UploadSlots();
    Deque<UploadSlots.Slot> taken = new ArrayDeque<>();
    for (int i = 0; i < UploadSlots.ALL; i++) {
      taken.add(slots.take(i));
    }
    refused(slots, 4711, Problem.BUSY);
    taken.remove().close();
    taken.add(slots.take(4711));
    refused(slots, 4711, Problem.BUSY);
  }
}

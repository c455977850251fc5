package dev.raya.compiler.types;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MembersByNameTest {
  private int looks;

  private MembersByName<String> counted() {
    return new MembersByName<>(
        name -> {
          looks++;
          return name;
        });
  }

  /** As a class with many members is declared: each is looked up before it is added, and later. */
  @Test
  void lookUpsCostTheSameWhateverTheSize() {
    MembersByName<String> members = counted();
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      assertThat(members.named("m" + i)).isEmpty();
      members.add("m" + i);
    }
    for (int i = 0; i < n; i++) {
      assertThat(members.named("m" + i)).hasSize(1);
    }
    assertThat(looks).isLessThan(2 * n);
  }

  @Test
  void namesMayStandForSeveralInTheOrderOfAdding() {
    MembersByName<String> members = new MembersByName<>(text -> text.substring(0, 1));
    members.add("a1");
    members.add("b1");
    members.insert(0, "a2");
    assertThat(members.named("a")).containsExactly("a2", "a1");
    assertThat(members.all()).containsExactly("a2", "a1", "b1");
    assertThat(members.named("c")).isEmpty();
  }
}

package dev.raya.cli.pm.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Patterns as .gitignore writes them. */
final class IgnoreRulesTest {
  private static IgnoreRules rules(String... lines) {
    return IgnoreRules.of(List.of(lines), "");
  }

  @Test
  void patternsFollowGitignore() {
    assertThat(rules("*.log").covers("a/b/x.log")).isTrue();
    assertThat(rules("/x.log").covers("a/x.log")).isFalse();
    assertThat(rules("build/").covers("a/build/x")).isTrue();
    assertThat(rules("build/").covers("build")).isFalse();
    assertThat(rules("a/*.c").covers("a/b/x.c")).isFalse();
    assertThat(rules("a/**/x").covers("a/x")).isTrue();
    assertThat(rules("a/**/x").covers("a/b/c/x")).isTrue();
    assertThat(rules("src/**").covers("src/a/b.raya")).isTrue();
    assertThat(rules("?.[ch]").covers("x.c")).isTrue();
    assertThat(rules("?.[!ch]").covers("x.c")).isFalse();
    assertThat(rules("# comment", "", "\\#x").covers("#x")).isTrue();
  }

  @Test
  void laterPatternsTakeBack() {
    IgnoreRules both = rules("*.log", "!keep.log");
    assertThat(both.covers("x.log")).isTrue();
    assertThat(both.covers("keep.log")).isFalse();
    IgnoreRules nested = rules("*.log").then(IgnoreRules.of(List.of("!a.log"), "sub/"));
    assertThat(nested.covers("sub/a.log")).isFalse();
    assertThat(nested.covers("a.log")).isTrue();
  }
}

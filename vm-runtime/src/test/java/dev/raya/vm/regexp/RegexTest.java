package dev.raya.vm.regexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns (stdlib.md 2.9): what is refused and where, and what the others find. */
class RegexTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "a)~~1~unmatched ')'",
        "(a~~2~unterminated group",
        "[a~~2~unterminated class",
        "(?<n>a)(?<n>b)~~12~two groups are named 'n'",
        "(?<1>a)~~3~malformed name of a group",
        "(?<n~~3~malformed name of a group",
        "\\k<m>(?<n>a)~~12~no group is named 'm'",
        "(?x)~~1~unknown kind of group",
        "*~~0~nothing to repeat",
        "a**~~2~nothing to repeat",
        "^*~~0~nothing to repeat",
        "{2}~~0~nothing to repeat",
        "a{3,2}~~6~out of order",
        "a{100001}~~8~a quantifier above",
        "a{1~u~1~a lone '{' must be escaped",
        "}~u~0~a lone '}' must be escaped",
        "a\\~~1~'\\' at the end",
        "[\\~~1~'\\' at the end",
        "\\1~~2~there is no group 1",
        "\\01~~2~octal escapes",
        "[\\1]~~1~octal escapes",
        "\\cA~~1~'\\c' is not supported",
        "\\q~~1~unknown escape '\\q'",
        "\\x1~~3~expected 2 hexadecimal digits",
        "\\u12~~4~expected 4 hexadecimal digits",
        "\\u{110000}~u~8~malformed code point",
        "\\u{}~u~3~malformed code point",
        "\\pL~u~0~malformed property",
        "\\p{Nonsense}~u~0~unknown property 'Nonsense'",
        "[b-a]~~2~a range out of order",
        "[\\d-z]~u~3~a range of a set",
        "(?<=a*)b~~6~look-behind must be bounded",
        "(a)(?<=\\1)~~9~back-references inside look-behind",
        "a~gg~1~flags 'gg'",
        "a~y~0~flags 'y'"
      })
  void malformedPatternsAreRefusedAtTheirPlace(
      String pattern, String flags, int position, String reason) {
    RegexSyntaxException refused =
        assertThrows(
            RegexSyntaxException.class, () -> Regex.compile(pattern, flags == null ? "" : flags));
    assertThat(refused.reason()).contains(reason);
    assertThat(refused.position()).isEqualTo(position);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      nullValues = "null",
      value = {
        "b+~~abbc~[1, 3]",
        "b+?~~abbc~[1, 2]",
        "a{2,3}~~aaaa~[0, 3]",
        "a{2,3}?~~aaaa~[0, 2]",
        "a{,2}~~xa{,2}~[1, 6]",
        "(a)|(b)~~b~[0, 1, -1, -1, 0, 1]",
        "(?:(a)|b)*~~ab~[0, 2, -1, -1]",
        "(a)(b)?\\1~~aa~[0, 2, 0, 1, -1, -1]",
        "(?<q>['\"]).*?\\k<q>~~x'a'~[1, 4, 1, 2]",
        "\\bfoo\\b~~food foo~[5, 8]",
        "o\\Bo~~foo~[1, 3]",
        "^b~m~`a\nb`~[2, 3]",
        "^b~~`a\nb`~null",
        "a$~m~`a\nb`~[0, 1]",
        "a.b~~`a\nb`~null",
        "a.b~s~`a\nb`~[0, 3]",
        "STRASSE~i~strasse~[0, 7]",
        "[^a-c]~~abcd~[3, 4]",
        "[\\d-x]+~~a1-x~[1, 4]",
        "[\\w\\s]+~~?a 1?~[1, 4]",
        "[A-F]+~i~xcafe~[1, 5]",
        "\\D\\W\\S~~1a-b~[1, 4]",
        "a(?=b)~~acab~[2, 3]",
        "a(?!c)~~acab~[2, 3]",
        "(?<=\\$)\\d+~~1 $23~[3, 5]",
        "(?<!\\$)\\d~~$1 2~[3, 4]",
        ".~u~😀~[0, 2]",
        ".~~😀~[0, 1]",
        "\\u{1F600}~u~a😀~[1, 3]",
        "\\uD83D\\uDE00~u~a😀~[1, 3]",
        "\\x41\\u0042~~AB~[0, 2]",
        "\\p{Lu}+~u~aBC~[1, 3]",
        "\\P{Lu}+~u~aBC~[0, 1]",
        "\\p{Script=Greek}+~u~aβγ~[1, 3]",
        "(?:)*x~~x~[0, 1]",
        "(a*)*b~~aab~[0, 3, 0, 2]"
      })
  void patternsFindTheirFirstMatch(String pattern, String flags, String text, String groups)
      throws Exception {
    Regex regex = Regex.compile(pattern, flags == null ? "" : flags);
    int[] found = regex.matcher(text, count -> {}).find(0);
    assertThat(found == null ? null : Arrays.toString(found)).isEqualTo(groups);
  }

  @Test
  void onlyAsciiDigitsCount() throws Exception {
    assertThat(Regex.compile("a{\u0663}", "").matcher("aaa", count -> {}).find(0)).isNull();
    assertThat(Regex.compile("(a)\\1\uFF19", "").matcher("aa\uFF19", count -> {}).find(0))
        .containsExactly(0, 3, 0, 1);
    assertThatThrownBy(() -> Regex.compile("\\x\uFF11\uFF11", ""))
        .hasMessageContaining("hexadecimal");
  }

  @Test
  void deepAndManyGroupsAreRefused() {
    assertThatThrownBy(() -> Regex.compile("(".repeat(300) + ")".repeat(300), ""))
        .hasMessageContaining("too deep");
    assertThatThrownBy(() -> Regex.compile("()".repeat(10_001), "")).hasMessageContaining("groups");
  }

  @Test
  void failedPlacesAreRememberedAndTheOthersHaveABound() throws Exception {
    String text = "a".repeat(2_000);
    long[] steps = {0};
    assertThat(Regex.compile("(?:a|a)*b", "").matcher(text, n -> steps[0] += n).find(0)).isNull();
    assertThat(steps[0]).isPositive().isLessThan(Matcher.MAX_STEPS);

    Matcher hostile = Regex.compile("(a)(?:a|a)*\\1b", "").matcher(text, count -> {});
    assertThatThrownBy(() -> hostile.find(0)).isInstanceOf(Matcher.TooManySteps.class);
  }

  @Test
  void partsOfAPatternAreKnown() throws Exception {
    Regex regex = Regex.compile("(?<y>\\d)(?<m>\\d)", "mg");
    assertThat(regex.source()).isEqualTo("(?<y>\\d)(?<m>\\d)");
    assertThat(regex.flags()).isEqualTo("gm");
    assertThat(regex.global()).isTrue();
    assertThat(regex.names())
        .containsExactly(java.util.Map.entry("y", 1), java.util.Map.entry("m", 2));
  }
}

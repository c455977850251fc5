package dev.raya.cache.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EntryNameTest {
  @Test
  void whatDiffersOnlyInCaseFoldsAlike() {
    for (int cp = 0; cp <= Character.MAX_CODE_POINT; cp++) {
      String text = Character.toString(cp);
      if (cp == 0x130
          || cp == 0x131
          || Character.getType(cp) == Character.SURROGATE
          || !Normalizer.isNormalized(text, Normalizer.Form.NFKC)) {
        continue;
      }
      String folded = EntryName.fold(text);
      assertThat(EntryName.fold(Character.toString(Character.toUpperCase(cp)))).isEqualTo(folded);
      assertThat(EntryName.fold(Character.toString(Character.toLowerCase(cp)))).isEqualTo(folded);
      assertThat(EntryName.fold(folded)).isEqualTo(folded);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "straße, STRASSE, true",
    "ẞ, ss, true",
    "ς, Σ, true",
    "ŉ, ʼN, true",
    "ᾼ, αι, true",
    "i, I, true",
    "ı, I, false",
    "İ, i, false",
    "a, ä, false",
  })
  void specialCasesFollowFullDefaultFolding(String a, String b, boolean collide) {
    assertThat(EntryName.fold(a).equals(EntryName.fold(b))).isEqualTo(collide);
  }
}

package dev.raya.resolver.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LicensePolicyTest {
  private static boolean takes(@Nullable List<String> allow, List<String> deny, String license) {
    return LicensePolicy.of(allow, deny).refusal(license) == null;
  }

  @ParameterizedTest
  @CsvSource({
    "MIT, true",
    "mit, true",
    "Apache-2.0, true",
    "Apache-2.0+, true",
    "Apache-2.0 WITH LLVM-exception, true",
    "GPL-3.0-only, false",
    "GPL-3.0-only OR MIT, true",
    "GPL-3.0-only AND MIT, false",
    "MIT AND Apache-2.0, true",
    "MIT OR GPL-3.0-only AND BSD-3-Clause, true",
    "(MIT OR GPL-3.0-only) AND BSD-3-Clause, false",
    "((MIT)), true",
    "GPL-2.0-only WITH Classpath-exception-2.0, true",
    "GPL-2.0-only, false",
    "GPL-2.0-only WITH Bison-exception-2.2, false"
  })
  void oneAlternativeMustBeMadeOfAllowedLicences(String license, boolean taken) {
    List<String> allow = List.of("MIT", "Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0");
    assertThat(takes(allow, List.of(), license)).isEqualTo(taken);
  }

  @ParameterizedTest
  @CsvSource({
    "MIT, true",
    "AGPL-3.0-only, false",
    "AGPL-3.0-only+, false",
    "AGPL-3.0-only OR MIT, true",
    "AGPL-3.0-only AND MIT, false",
    "AGPL-3.0-only WITH Classpath-exception-2.0, false"
  })
  void deniedLicencesAreRefusedUnlessThereIsAnotherChoice(String license, boolean taken) {
    assertThat(takes(null, List.of("AGPL-3.0-only"), license)).isEqualTo(taken);
  }

  @Test
  void noLicenceIsCoveredByNoAllowList() {
    assertThat(takes(null, List.of("MIT"), "")).isTrue();
    assertThat(LicensePolicy.of(List.of("MIT"), List.of()).refusal(""))
        .isEqualTo("it states no licence, and [policy] allows certain ones");
  }

  @Test
  void combinedPoliciesCanOnlyNarrow() {
    LicensePolicy user = LicensePolicy.of(List.of("MIT", "ISC"), List.of("Zlib"));
    LicensePolicy project = LicensePolicy.of(List.of("MIT", "Zlib", "0BSD"), List.of());
    LicensePolicy both = user.and(project);
    for (String license : List.of("MIT", "ISC", "Zlib", "0BSD", "MIT OR ISC", "ISC AND MIT")) {
      boolean each = user.refusal(license) == null && project.refusal(license) == null;
      assertThat(both.refusal(license) == null && !each).as(license).isFalse();
    }
    assertThat(both.refusal("MIT")).isNull();
    assertThat(both.refusal("0BSD")).isEqualTo("its licence 0BSD is not allowed by [policy]");
    assertThat(LicensePolicy.ANY.and(LicensePolicy.ANY).isAny()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "MIT OR",
    "AND",
    "(MIT",
    "MIT)",
    "MIT Apache-2.0",
    "()",
    "OR OR OR",
    "MIT AND AND MIT"
  })
  void whatIsNoExpressionIsRefused(String text) {
    assertThat(LicensePolicy.of(List.of("MIT"), List.of()).refusal(text))
        .endsWith("is no SPDX expression");
  }

  @Test
  void deepAndLongExpressionsAreDecidedOrRefused() {
    LicensePolicy mit = LicensePolicy.of(List.of("MIT"), List.of());
    assertThat(mit.refusal("(".repeat(2000) + "MIT" + ")".repeat(2000))).isNull();
    assertThat(mit.refusal("(".repeat(5000) + "MIT" + ")".repeat(5000)))
        .endsWith("is no SPDX expression");
  }
}

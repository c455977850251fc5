package dev.raya.resolver.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The fixtures of node-semver and semver.org (data/resolver/semver.json). Rows with {@code loose}
 * are for a reader that forgives; ours does not. Rows with {@code includePrerelease} are read as
 * {@code --pre} reads them.
 */
final class SemverFixturesTest {
  /** {@code <0.0.0} holds the pre-releases of 0.0.0 in the plain order; node leaves them out. */
  private static final Set<String> PLAIN_SET = Set.of("<0.0.0 & <0.1.0", "<0.1.0 & <0.0.0");

  private final JsonFields fixtures = load();

  private static JsonFields load() {
    try (InputStream in = SemverFixturesTest.class.getResourceAsStream("semver.json")) {
      if (in == null) {
        throw new IllegalStateException("semver.json is missing");
      }
      return JsonFields.root(JsonReader.read(in.readAllBytes()));
    } catch (IOException | JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Row(JsonFields fields, boolean preReleases) {
    String text(String member) throws JsonException {
      return fields.string(member);
    }

    VersionRange range(String member) throws JsonException, VersionException {
      return preReleases
          ? VersionRange.parseWithPreReleases(text(member))
          : VersionRange.parse(text(member));
    }

    @Nullable Version version(String member) {
      return fields.object().get(member) instanceof Json.Str(String text)
          ? Version.tryParse(text)
          : null;
    }
  }

  private List<Row> rows(String table) throws JsonException {
    List<Row> rows = new ArrayList<>();
    for (JsonFields row : fixtures.list(table)) {
      JsonFields options = row.optionalFields("options");
      boolean loose = options != null && isTruthy(options.object().get("loose"));
      if (!loose) {
        rows.add(
            new Row(row, options != null && isTruthy(options.object().get("includePrerelease"))));
      }
    }
    assertThat(rows).as(table).hasSizeGreaterThan(2);
    return rows;
  }

  private static boolean isTruthy(@Nullable Json value) {
    return switch (value) {
      case Json.Bool(boolean b) -> b;
      case Json.Int(long n) -> n != 0;
      case null, default -> false;
    };
  }

  @Test
  void versionsInRangeMatch() throws JsonException, VersionException {
    for (Row row : rows("inRange")) {
      Version version = row.version("version");
      assertThat(version).as("%s", row.fields().object()).isNotNull();
      assertThat(version != null && row.range("range").matches(version, row.preReleases()))
          .as("%s in %s", version, row.text("range"))
          .isTrue();
    }
  }

  @Test
  void versionsNotInRangeDoNotMatch() throws JsonException, VersionException {
    for (Row row : rows("notInRange")) {
      Version version = row.version("version");
      assertThat(version != null && row.range("range").matches(version, row.preReleases()))
          .as("%s in %s", version, row.text("range"))
          .isFalse();
    }
  }

  @Test
  void greaterVersionsAreGreater() throws JsonException {
    for (Row row : rows("greater")) {
      Version high = row.version("high");
      Version low = row.version("low");
      assertThat(high).as("%s", row.fields().object()).isGreaterThan(low);
    }
  }

  @Test
  void buildMetadataDoesNotCount() throws JsonException {
    for (Row row : rows("equal")) {
      Version left = row.version("left");
      if (left != null) {
        assertThat(left).isEqualTo(row.version("right")).isEqualByComparingTo(row.version("right"));
      }
    }
  }

  /** Node's canonical text is not ours, but both must mean the same. */
  @Test
  void canonicalFormsMeanTheSame() throws JsonException, VersionException {
    for (Row row : rows("normalForm")) {
      String canonical = row.fields().optionalString("canonical");
      String range = row.text("range");
      if (canonical == null) {
        assertThat(VersionRange.tryParse(range)).as(range).isNull();
      } else {
        assertThat(row.range("range")).as(range).isEqualTo(VersionRange.parse(canonical));
      }
    }
  }

  @Test
  void rangesIntersectAsStated() throws JsonException, VersionException {
    for (String table : List.of("intersects", "comparatorsIntersect")) {
      for (Row row : rows(table)) {
        String pair = row.text("left") + " & " + row.text("right");
        if (!PLAIN_SET.contains(pair)) {
          assertThat(row.range("left").intersects(row.range("right")))
              .as(pair)
              .isEqualTo(row.fields().bool("intersects", false));
        }
      }
    }
  }

  @Test
  void outsideIsAsStated() throws JsonException, VersionException {
    for (Row row : rows("aboveRange")) {
      assertThat(isAbove(row)).as("%s", row.fields().object()).isTrue();
    }
    for (Row row : rows("notAboveRange")) {
      assertThat(isAbove(row)).as("%s", row.fields().object()).isFalse();
    }
    for (Row row : rows("belowRange")) {
      assertThat(isBelow(row)).as("%s", row.fields().object()).isTrue();
    }
    for (Row row : rows("notBelowRange")) {
      assertThat(isBelow(row)).as("%s", row.fields().object()).isFalse();
    }
  }

  private static boolean isAbove(Row row) throws JsonException, VersionException {
    Version version = row.version("version");
    VersionRange range = row.range("range");
    return version != null
        && !range.matches(version, row.preReleases())
        && range.intervals().stream()
            .allMatch(
                i -> i.high() != null && (i.low() == null || version.compareTo(i.low()) >= 0));
  }

  private static boolean isBelow(Row row) throws JsonException, VersionException {
    Version version = row.version("version");
    VersionRange range = row.range("range");
    return version != null
        && !range.matches(version, row.preReleases())
        && range.intervals().stream()
            .allMatch(
                i -> i.low() != null && (i.high() == null || version.compareTo(i.high()) <= 0));
  }

  @Test
  void versionsAreReadStrictly() throws JsonException {
    for (String valid : fixtures.strings("validVersions")) {
      assertThat(Version.tryParse(valid)).as(valid).isNotNull().hasToString(valid);
    }
    for (String invalid : fixtures.strings("invalidVersions")) {
      assertThat(Version.tryParse(invalid)).as(invalid).isNull();
    }
  }

  @Test
  void semverOrgOrderHolds() throws JsonException, VersionException {
    List<Version> ascending = new ArrayList<>();
    for (String text : fixtures.strings("ascending")) {
      ascending.add(Version.parse(text));
    }
    assertThat(ascending).isSorted().doesNotHaveDuplicates();
  }
}

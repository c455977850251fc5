package dev.raya.tuf.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The short way to read a snapshot beside the long one: it never reads anything else. */
final class PlainSnapshotTest {
  private static final int ROUNDS = 40_000;
  private static final int LIMIT = 16 << 20;
  private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");

  private static byte[] snapshot(int bins, int keys) {
    Map<String, Role.MetaFile> files = new TreeMap<>();
    for (int i = 0; i < bins; i++) {
      files.put("bin-%03x.json".formatted(i), new Role.MetaFile(1 + i % 3 * 40L, null, Map.of()));
    }
    files.put("targets.json", new Role.MetaFile(2, null, Map.of()));
    List<SigningKey> signers = new java.util.ArrayList<>();
    for (int i = 0; i < keys; i++) {
      byte[] seed = new byte[32];
      seed[0] = (byte) i;
      signers.add(SigningKey.ofSeed(seed));
    }
    return RoleWriter.sign(new Role.Snapshot(7, EXPIRES, files), signers);
  }

  /** Whether the short way takes a document; then the long one reads the same. */
  private static boolean isTakenAlike(byte[] document) throws Exception {
    SignedRole<Role.Snapshot> plain = RoleReader.plainSnapshot(document);
    if (plain == null) {
      return false;
    }
    String text = new String(document, StandardCharsets.ISO_8859_1);
    assertThatCode(() -> RoleReader.anySnapshot(document, LIMIT))
        .as(text)
        .doesNotThrowAnyException();
    SignedRole<Role.Snapshot> any = RoleReader.anySnapshot(document, LIMIT);
    assertThat(plain.role()).as(text).isEqualTo(any.role());
    assertThat(List.copyOf(plain.role().files().keySet()))
        .as(text)
        .isEqualTo(List.copyOf(any.role().files().keySet()));
    assertThat(plain.digest()).as(text).isEqualTo(any.digest());
    assertThat(plain.signatures()).as(text).isEqualTo(any.signatures());
    return true;
  }

  @Test
  void whatIsWrittenIsReadTheShortWay() throws Exception {
    for (int keys = 0; keys < 3; keys++) {
      for (int bins : new int[] {0, 1, 4096}) {
        assertThat(isTakenAlike(snapshot(bins, keys))).isTrue();
      }
    }
  }

  @Test
  void whateverIsChangedIsReadAlikeOrLeftToTheLongWay() throws Exception {
    Random random = new Random(20261129);
    byte[] honest = snapshot(5, 1);
    String letters = "{}[]\":,\\ 0123456789abcdefABCDEF.-eZT\u007f\u0080\u0000";
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      StringBuilder changed = new StringBuilder(new String(honest, StandardCharsets.ISO_8859_1));
      for (int i = random.nextInt(3); i >= 0; i--) {
        int place = random.nextInt(changed.length());
        switch (random.nextInt(4)) {
          case 0 -> changed.setCharAt(place, letters.charAt(random.nextInt(letters.length())));
          case 1 -> changed.insert(place, letters.charAt(random.nextInt(letters.length())));
          case 2 -> changed.deleteCharAt(place);
          default -> {
            int end = Math.min(changed.length(), place + random.nextInt(40));
            changed.insert(random.nextInt(changed.length()), changed.substring(place, end));
          }
        }
      }
      if (isTakenAlike(changed.toString().getBytes(StandardCharsets.ISO_8859_1))) {
        taken++;
      }
    }
    assertThat(taken).as("changes that leave the form").isGreaterThan(ROUNDS / 20);
  }

  @Test
  void otherFormsAreReadTheLongWay() throws Exception {
    String honest = new String(snapshot(3, 1), StandardCharsets.UTF_8);
    String spaced = honest.replace("\",", "\", ");
    String escaped = honest.replace("bin-000", "\\u0062in-000");
    String more = honest.replace("\"version\":7", "\"version\":7,\"x-more\":1");
    String unordered =
        honest.replace(
            "\"bin-000.json\":{\"version\":1},\"bin-001.json\":{\"version\":41}",
            "\"bin-001.json\":{\"version\":41},\"bin-000.json\":{\"version\":1}");
    for (String other : List.of(spaced, escaped, more, unordered)) {
      byte[] document = other.getBytes(StandardCharsets.UTF_8);
      assertThat(document).isNotEqualTo(honest.getBytes(StandardCharsets.UTF_8));
      assertThat(RoleReader.plainSnapshot(document)).as(other).isNull();
      assertThat(RoleReader.snapshot(document, LIMIT).role().files()).hasSize(4);
    }
    assertThat(CanonicalJson.bytes(JsonReader.read(honest.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(honest.getBytes(StandardCharsets.UTF_8));
  }
}

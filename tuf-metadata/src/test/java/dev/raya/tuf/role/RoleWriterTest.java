package dev.raya.tuf.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.TufException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Offline ceremonies: signatures that arrive one by one, and roles that are renewed unchanged. */
final class RoleWriterTest {
  private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");
  private static final SigningKey FIRST = key(1);
  private static final SigningKey SECOND = key(2);
  private static final Map<String, TufKey> KEYS = keys(FIRST, SECOND);
  private static final RoleKeys BOTH = new RoleKeys(KEYS.keySet(), 2);
  private static final Role.Targets TARGETS =
      new Role.Targets(
          4,
          EXPIRES,
          Map.of("trust/x", new Role.TargetFile(7, Map.of("sha256", "ab".repeat(32)))),
          new Role.Delegations(
              KEYS,
              List.of(
                  new Role.DelegatedRole("paths", BOTH, List.of("a/*"), List.of(), true),
                  new Role.DelegatedRole(
                      "hashes", BOTH, List.of(), List.of("0a", "ff"), false, true)),
              null));

  /** Most signatures of a file. */
  private static final int MOST = 64;

  private static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  private static Map<String, TufKey> keys(SigningKey... signers) {
    Map<String, TufKey> keys = new LinkedHashMap<>();
    for (SigningKey signer : signers) {
      VerificationKey verification = signer.verificationKey();
      keys.put(TufKey.of(verification).keyId().hex(), TufKey.of(verification));
    }
    return keys;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void signaturesOfAnotherMeetingAreAddedToTheSameBytes() throws Exception {
    byte[] one = RoleWriter.sign(TARGETS, List.of(FIRST));
    SignedRole<Role.Targets> alone = RoleReader.targets(one);
    assertThatThrownBy(() -> alone.requireThreshold(KEYS, BOTH))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected signatures of 2 of 2 keys");
    byte[] two = RoleWriter.addSignatures(one, List.of(SECOND));
    SignedRole<Role.Targets> together = RoleReader.targets(two);
    together.requireThreshold(KEYS, BOTH);
    assertThat(together.role()).isEqualTo(TARGETS);
    assertThat(together.signatures())
        .extracting(SignedRole.RoleSignature::keyId)
        .containsExactlyElementsOf(KEYS.keySet());
    assertThat(two).isEqualTo(RoleWriter.sign(TARGETS, List.of(FIRST, SECOND)));
    // Whoever signed already replaces the own signature and adds none.
    assertThat(RoleWriter.addSignatures(two, List.of(FIRST))).isEqualTo(two);
  }

  @Test
  void aKeyThatSignsAgainMendsItsWrongSignature() throws Exception {
    String good = new String(RoleWriter.sign(TARGETS, List.of(FIRST)), StandardCharsets.UTF_8);
    String sig = RoleReader.targets(bytes(good)).signatures().getFirst().hex();
    byte[] wrong = bytes(good.replace(sig, "00".repeat(64)));
    RoleKeys one = new RoleKeys(keys(FIRST).keySet(), 1);
    SignedRole<Role.Targets> refused = RoleReader.targets(wrong);
    assertThatThrownBy(() -> refused.requireThreshold(KEYS, one))
        .hasMessageContaining("wrong signatures of " + one.keyIds().iterator().next());
    RoleReader.targets(RoleWriter.addSignatures(wrong, List.of(FIRST))).requireThreshold(KEYS, one);
  }

  @Test
  void aRenewedRoleSaysTheSameInItsNextVersionAndNobodySignedIt() throws Exception {
    Instant later = EXPIRES.plus(Duration.ofDays(30)).plusMillis(250);
    byte[] renewed =
        RoleWriter.renew(RoleWriter.sign(TARGETS, List.of(FIRST, SECOND)), later, null);
    SignedRole<Role.Targets> read = RoleReader.targets(renewed);
    assertThat(read.signatures()).isEmpty();
    assertThat(read.role())
        .isEqualTo(
            new Role.Targets(
                5, EXPIRES.plus(Duration.ofDays(30)), TARGETS.targets(), TARGETS.delegations()));
    RoleReader.targets(RoleWriter.addSignatures(renewed, List.of(FIRST, SECOND)))
        .requireThreshold(KEYS, BOTH);
  }

  @Test
  void whoSignedIsNoPartOfWhatWasSigned() throws Exception {
    var first = RoleReader.targets(RoleWriter.sign(TARGETS, List.of(FIRST)));
    var both = RoleReader.targets(RoleWriter.sign(TARGETS, List.of(FIRST, SECOND)));
    byte[] next = RoleWriter.renew(RoleWriter.sign(TARGETS, List.of(FIRST)), EXPIRES, null);
    assertThat(first.digest()).isEqualTo(both.digest());
    assertThat(first.digest()).isNotEqualTo(RoleReader.targets(next).digest());
  }

  @Test
  void aRenewedRoleSaysANameOnceItWasGivenOne() throws Exception {
    byte[] unnamed = RoleWriter.sign(TARGETS, List.of(FIRST));
    byte[] named = RoleWriter.renew(unnamed, EXPIRES, "claimed");
    assertThat(RoleReader.targets(unnamed).role().name()).isNull();
    assertThat(RoleReader.targets(named).role())
        .isEqualTo(
            new Role.Targets(5, EXPIRES, TARGETS.targets(), TARGETS.delegations(), "claimed"));
    assertThat(RoleReader.targets(RoleWriter.renew(named, EXPIRES, null)).role().name())
        .isEqualTo("claimed");
  }

  @Test
  void aFileHasABoundedNumberOfSignatures() throws Exception {
    List<SigningKey> many = new ArrayList<>();
    for (int i = 0; i <= MOST; i++) {
      many.add(key(i));
    }
    Role.Targets plain = new Role.Targets(1, EXPIRES, Map.of(), null);
    List<SigningKey> most = many.subList(0, MOST);
    assertThat(RoleReader.targets(RoleWriter.sign(plain, most)).signatures()).hasSize(MOST);
    assertThatThrownBy(() -> RoleReader.targets(RoleWriter.sign(plain, many)))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("more than " + MOST);
  }

  @Test
  void whatIsNoMetadataFileIsNeitherSignedNorRenewed() {
    for (String document :
        List.of("", "[]", "{}", "{\"signed\":1,\"signatures\":[]}", "{\"signed\":{}}x")) {
      assertThatThrownBy(() -> RoleWriter.addSignatures(bytes(document), List.of(FIRST)))
          .as(document)
          .isInstanceOf(TufException.class)
          .hasMessageContaining("no metadata file");
      assertThatThrownBy(() -> RoleWriter.renew(bytes(document), EXPIRES, null))
          .as(document)
          .isInstanceOf(TufException.class)
          .hasMessageContaining("no metadata file");
    }
    // There is one canonical form of whole numbers alone.
    assertThatThrownBy(
            () ->
                RoleWriter.addSignatures(
                    bytes("{\"signed\":{\"version\":1.5},\"signatures\":[]}"), List.of(FIRST)))
        .isInstanceOf(TufException.class);
  }

  @Test
  void rolesThatCouldBeReadTwoWaysAreRefused() {
    String good = new String(RoleWriter.sign(TARGETS, List.of(FIRST)), StandardCharsets.UTF_8);
    String id = KEYS.keySet().iterator().next();
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry(good.replace("\"name\":\"paths\"", "\"name\":\"Root\""), "cannot be called"),
            Map.entry(good.replace("\"name\":\"paths\"", "\"name\":\"hashes\""), "twice"),
            Map.entry(good.replace("\"name\":\"paths\"", "\"name\":\"\""), "characters"),
            Map.entry(good.replace("\"paths\":[", "\"ways\":["), "either paths or"),
            Map.entry(good.replace("\"roles\":[", "\"rolls\":["), "either roles or"),
            Map.entry(good.replace("\"version\":4", "\"version\":0"), "at least 1"),
            Map.entry(good.replace("\"length\":7", "\"length\":-7"), "at least 0"),
            Map.entry(good.replace("\"keyids\":[\"", "\"keyids\":[\"" + id + "\",\""), "different"),
            Map.entry(good.replace("\"threshold\":2", "\"threshold\":0"), "threshold"),
            Map.entry(good.replace("2027-01-01T", "2027-13-01T"), "expected YYYY"),
            Map.entry(good.replace("2027-01-01T00:00:00Z", "2027-01-01"), "expected YYYY"),
            Map.entry(
                good.replace("{\"sha256\":\"" + "ab".repeat(32) + "\"}", "{}"), "at least one"),
            Map.entry(good.replace("ab".repeat(32), "xy"), ""));
    wrong.forEach(
        (document, why) ->
            assertThatThrownBy(() -> RoleReader.targets(bytes(document)))
                .as(why)
                .isInstanceOf(TufException.class)
                .hasMessageContaining(why));
  }
}

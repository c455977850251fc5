package dev.raya.tuf.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role.Kind;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoleTest {
  private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");
  private static final List<SigningKey> KEYS = keys(8);
  private static final Role.Root ROOT = root(KEYS.subList(0, 5), 3);

  private static List<SigningKey> keys(int count) {
    List<SigningKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] seed = new byte[32];
      seed[0] = (byte) i;
      keys.add(SigningKey.ofSeed(seed));
    }
    return keys;
  }

  private static Role.Root root(List<SigningKey> signers, int threshold) {
    Map<String, TufKey> keys = new LinkedHashMap<>();
    List<TufKey> root = new ArrayList<>();
    for (SigningKey signer : signers) {
      TufKey key = TufKey.of(signer.verificationKey());
      root.add(key);
      keys.put(key.keyId().hex(), key);
    }
    TufKey online = TufKey.of(KEYS.get(7).verificationKey());
    keys.put(online.keyId().hex(), online);
    Map<Kind, RoleKeys> roles = new LinkedHashMap<>();
    roles.put(Kind.ROOT, RoleKeys.of(root, threshold));
    roles.put(Kind.TARGETS, RoleKeys.of(List.of(online), 1));
    roles.put(Kind.SNAPSHOT, RoleKeys.of(List.of(online), 1));
    roles.put(Kind.TIMESTAMP, RoleKeys.of(List.of(online), 1));
    return new Role.Root(1, EXPIRES, true, keys, roles);
  }

  @Test
  void everyRoleIsReadBackAsWritten() throws TufException {
    Role.MetaFile meta = new Role.MetaFile(3, 120L, Map.of("sha256", Digest.of(new byte[0]).hex()));
    Role.Timestamp timestamp = new Role.Timestamp(4, EXPIRES, meta);
    Role.Snapshot snapshot =
        new Role.Snapshot(3, EXPIRES, Map.of("targets.json", new Role.MetaFile(2, null, Map.of())));
    TufKey key = TufKey.of(KEYS.get(6).verificationKey());
    Role.Targets named =
        new Role.Targets(
            2,
            EXPIRES,
            Map.of(
                "trust/registry.json",
                new Role.TargetFile(9, Map.of("sha256", Digest.of(new byte[0]).hex()))),
            new Role.Delegations(
                Map.of(key.keyId().hex(), key),
                List.of(
                    new Role.DelegatedRole(
                        "claimed",
                        RoleKeys.of(List.of(key), 1),
                        List.of("claimed/*/*/*"),
                        List.of(),
                        true)),
                null));
    Role.Targets bins =
        new Role.Targets(
            2,
            EXPIRES,
            Map.of(),
            new Role.Delegations(
                Map.of(key.keyId().hex(), key),
                List.of(),
                new Role.HashBins(RoleKeys.of(List.of(key), 1), 12, "bin")));

    assertThat(RoleReader.root(RoleWriter.sign(ROOT, KEYS.subList(0, 3))).role()).isEqualTo(ROOT);
    assertThat(RoleReader.timestamp(RoleWriter.sign(timestamp, KEYS.subList(7, 8))).role())
        .isEqualTo(timestamp);
    assertThat(RoleReader.snapshot(RoleWriter.sign(snapshot, KEYS.subList(7, 8)), 1000).role())
        .isEqualTo(snapshot);
    assertThat(RoleReader.targets(RoleWriter.sign(named, KEYS.subList(7, 8))).role())
        .isEqualTo(named);
    assertThat(RoleReader.targets(RoleWriter.sign(bins, KEYS.subList(7, 8))).role())
        .isEqualTo(bins);
  }

  @Test
  void theThresholdCountsDifferentKeysOfTheRole() throws TufException {
    byte[] three = RoleWriter.sign(ROOT, KEYS.subList(0, 3));
    assertThat(TrustedRoot.first(three).fingerprint()).isEqualTo(Digest.of(three));
    assertThat(TrustedRoot.first(three, Digest.of(three)).root()).isEqualTo(ROOT);

    byte[] two = RoleWriter.sign(ROOT, List.of(KEYS.get(0), KEYS.get(1), KEYS.get(7)));
    assertThatThrownBy(() -> TrustedRoot.first(two))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected signatures of 3 of 5 keys on root version 1, found 2")
        .extracting(e -> ((TufException) e).code())
        .isEqualTo("RAYA-SEC-003");
    byte[] twice = RoleWriter.sign(ROOT, List.of(KEYS.get(0), KEYS.get(1), KEYS.get(1)));
    assertThatThrownBy(() -> TrustedRoot.first(twice)).isInstanceOf(TufException.class);
    assertThatThrownBy(() -> TrustedRoot.first(three, Digest.of(two)))
        .isInstanceOf(TufException.class)
        .extracting(e -> ((TufException) e).code())
        .isEqualTo("RAYA-SEC-002");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneKeyUnderTwoKeyIdsIsOneSigner(boolean isSpeltAnew) throws TufException {
    TufKey key = TufKey.of(KEYS.get(0).verificationKey());
    Map<String, TufKey> keys = new LinkedHashMap<>(ROOT.keys());
    String value = isSpeltAnew ? key.value().toUpperCase(Locale.ROOT) : key.value();
    keys.put("another-name", new TufKey(key.type(), key.scheme(), value));
    byte[] document = RoleWriter.sign(ROOT, KEYS.subList(0, 1));
    String doubled =
        new String(document, StandardCharsets.UTF_8)
            .replaceFirst(
                "\\{\"keyid\":\"[0-9a-f]+\",\"sig\":\"([0-9a-f]+)\"\\}",
                "{\"keyid\":\""
                    + key.keyId().hex()
                    + "\",\"sig\":\"$1\"},"
                    + "{\"keyid\":\"another-name\",\"sig\":\"$1\"}");
    SignedRole<Role.Root> signed = RoleReader.root(doubled.getBytes(StandardCharsets.UTF_8));
    RoleKeys signers = new RoleKeys(java.util.Set.of(key.keyId().hex(), "another-name"), 2);
    assertThatThrownBy(() -> signed.requireThreshold(keys, signers))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("found 1");
  }

  @Test
  void unknownMembersAreSignedAndIgnored() throws TufException {
    byte[] document = RoleWriter.sign(ROOT, KEYS.subList(0, 3));
    String more =
        new String(document, StandardCharsets.UTF_8)
            .replace("\"version\":1", "\"version\":1,\"x\":\"é\n\"");
    assertThatThrownBy(() -> RoleReader.root(more.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(TufException.class);
    String escaped =
        new String(document, StandardCharsets.UTF_8)
            .replace("\"version\":1", "\"version\":1,\"x\":\"é\"");
    assertThat(RoleReader.root(escaped.getBytes(StandardCharsets.UTF_8)).role()).isEqualTo(ROOT);
    assertThatThrownBy(() -> TrustedRoot.first(escaped.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(TufException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"_type\":\"root\" | \"_type\":\"targets\"",
        "\"version\":1 | \"version\":0",
        "\"version\":1 | \"version\":1.5",
        "\"version\":1 | \"version\":1,\"version\":1",
        "2027-01-01T00:00:00Z | 2027-01-01",
        "2027-01-01T00:00:00Z | 2027-13-01T00:00:00Z",
        "\"spec_version\":\"1.0.33\" | \"spec_version\":\"2.0.0\"",
        "\"threshold\":3 | \"threshold\":0",
        "\"timestamp\":{ | \"timestamps\":{",
        "\"signatures\":[ | \"signature\":["
      })
  void malformedRootsAreRefused(String from, String to) {
    String document = new String(RoleWriter.sign(ROOT, KEYS.subList(0, 3)), StandardCharsets.UTF_8);
    assertThat(document).contains(from);
    byte[] changed = document.replace(from, to).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> RoleReader.root(changed))
        .isInstanceOf(TufException.class)
        .hasMessageStartingWith("root metadata refused: ");
  }

  @Test
  void anyChangedByteIsRefusedOrBreaksTheThreshold() {
    byte[] document = RoleWriter.sign(ROOT, KEYS.subList(0, 3));
    Random random = new Random(11);
    for (int i = 0; i < 3_000; i++) {
      byte[] changed = document.clone();
      int at = random.nextInt(changed.length);
      changed[at] = (byte) (changed[at] ^ 1 << random.nextInt(8));
      assertThatThrownBy(() -> TrustedRoot.first(changed)).isInstanceOf(TufException.class);
    }
  }

  @Test
  void tooLargeFilesAreRefusedUnread() {
    assertThatThrownBy(() -> RoleReader.root(new byte[RoleReader.MAX_BYTES + 1]))
        .isInstanceOf(TufException.class)
        .hasMessageContaining("expected at most 1048576 bytes");
  }

  @Test
  void ecdsaAndRsaKeysVerify() throws Exception {
    byte[] message = "metadata".getBytes(StandardCharsets.UTF_8);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair ecPair = ec.generateKeyPair();
    Signature ecdsa = Signature.getInstance("SHA256withECDSA");
    ecdsa.initSign(ecPair.getPrivate());
    ecdsa.update(message);
    TufKey ecKey = new TufKey("ecdsa", "ecdsa-sha2-nistp256", pem(ecPair));
    assertThat(ecKey.verifies(message, ecdsa.sign())).isTrue();

    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    KeyPair rsaPair = rsa.generateKeyPair();
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    pss.initSign(rsaPair.getPrivate());
    pss.update(message);
    TufKey rsaKey = new TufKey("rsa", "rsassa-pss-sha256", pem(rsaPair));
    assertThat(rsaKey.verifies(message, pss.sign())).isTrue();
    assertThat(rsaKey.verifies(message, new byte[256])).isFalse();
    // One key however it is written; another one is another.
    String oneLine = pem(rsaPair).replaceAll("(?<=[^-])\n(?=[^-])", "");
    assertThat(new TufKey("rsa", "rsassa-pss-sha256", oneLine).material())
        .isEqualTo(rsaKey.material())
        .isNotEqualTo(ecKey.material());
    assertThat(new TufKey("rsa", "ed25519", "00").verifies(message, new byte[64])).isFalse();
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}

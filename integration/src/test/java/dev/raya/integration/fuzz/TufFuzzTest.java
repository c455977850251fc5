package dev.raya.integration.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TufKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TUF metadata: what still has its signatures after a change says what it said before. */
final class TufFuzzTest {
  private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");
  private static final Digest EMPTY = Digest.of(new byte[0]);
  private static final SigningKey FIRST = key(1);
  private static final SigningKey SECOND = key(2);
  private static final Map<String, TufKey> KEYS = new LinkedHashMap<>();

  static {
    for (SigningKey each : List.of(FIRST, SECOND)) {
      TufKey key = TufKey.of(each.verificationKey());
      KEYS.put(key.keyId().hex(), key);
    }
  }

  private static final RoleKeys SIGNERS = RoleKeys.of(List.copyOf(KEYS.values()), 2);

  private interface Door {
    SignedRole<?> read(byte[] document) throws TufException;
  }

  private static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  private static Map<Role, Door> roles() {
    Map<Kind, RoleKeys> roles = new LinkedHashMap<>();
    for (Kind kind : List.of(Kind.ROOT, Kind.TARGETS, Kind.SNAPSHOT, Kind.TIMESTAMP)) {
      roles.put(kind, SIGNERS);
    }
    Map<String, String> hash = Map.of("sha256", EMPTY.hex());
    Map<Role, Door> doors = new LinkedHashMap<>();
    doors.put(new Role.Root(1, EXPIRES, true, KEYS, roles), RoleReader::root);
    doors.put(
        new Role.Timestamp(4, EXPIRES, new Role.MetaFile(3, 120L, hash)), RoleReader::timestamp);
    doors.put(
        new Role.Snapshot(
            3,
            EXPIRES,
            Map.of(
                "targets.json", new Role.MetaFile(2, null, Map.of()),
                "bin-0a3.json", new Role.MetaFile(7, null, Map.of()))),
        document -> RoleReader.snapshot(document, 64 << 10));
    doors.put(
        new Role.Targets(
            2,
            EXPIRES,
            Map.of("index/3f/a2/logging", new Role.TargetFile(9, hash)),
            new Role.Delegations(
                KEYS,
                List.of(
                    new Role.DelegatedRole(
                        "claimed", SIGNERS, List.of("claimed/*/*/*"), List.of(), true)),
                null)),
        RoleReader::targets);
    doors.put(
        new Role.Targets(
            2,
            EXPIRES,
            Map.of(),
            new Role.Delegations(KEYS, List.of(), new Role.HashBins(SIGNERS, 12, "bin"))),
        RoleReader::targets);
    return doors;
  }

  private static void run(Fuzz fuzz) throws Exception {
    for (Map.Entry<Role, Door> each : roles().entrySet()) {
      byte[] good = RoleWriter.sign(each.getKey(), List.of(FIRST, SECOND));
      Mutator mutator = new Mutator(fuzz.random(), List.of(good));
      Fuzz.Outcome outcome =
          fuzz.run(
              mutator::json,
              document -> {
                SignedRole<?> read = each.getValue().read(document);
                read.requireThreshold(KEYS, SIGNERS);
                assertThat(read.role()).isEqualTo(each.getKey());
              });
      // Members that are not signed may change, so some are accepted.
      assertThat(outcome.accepted()).isPositive();
      assertThat(outcome.refused()).isGreaterThan(outcome.accepted());
    }
  }

  private static Fuzz fuzz() {
    return Fuzz.brief("tuf", e -> e instanceof TufException, 32 << 20);
  }

  @Test
  @Timeout(120)
  void changedMetadataIsRefusedOrSaysTheSame() throws Exception {
    run(fuzz());
  }

  @Test
  @Tag("long")
  void changedMetadataIsRefusedOrSaysTheSameForLong() throws Exception {
    run(fuzz().longer());
  }
}

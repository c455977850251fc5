package dev.raya.registry.trust;

import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.NoteKey;
import java.util.List;
import java.util.stream.Collectors;

/** The names of a registry's log and of its local witness, and the policy that names both. */
public final class LogNames {
  /** Name of the local witness in the policy: it counts for normal trust, never for strict. */
  public static final String LOCAL = "local";

  private LogNames() {}

  /** The log's origin: the registry's, without scheme. */
  public static String log(String origin) {
    int scheme = origin.indexOf("://");
    return scheme < 0 ? origin : origin.substring(scheme + 3);
  }

  /** The name in the local witness's key. */
  public static String witness(String origin) {
    return log(origin) + "/witness/" + LOCAL;
  }

  /** The name in the key with which this registry witnesses others. */
  public static String cosigner(String origin) {
    return log(origin) + "/witness";
  }

  /**
   * The target {@code trust/log.policy} (C2SP tlog-policy). The quorum is the local witness, so
   * that a registry goes on while others are away; strict clients count the others.
   *
   * @param log the log's key
   * @param witness the local witness's
   * @param others lines {@code witness NAME VKEY URL} of witnesses that are asked too
   */
  public static String policy(
      String origin, VerificationKey log, VerificationKey witness, List<String> others) {
    return "log "
        + NoteKey.of(log(origin), log, NoteKey.Type.ED25519).text()
        + "\nwitness "
        + LOCAL
        + ' '
        + NoteKey.of(witness(origin), witness, NoteKey.Type.ED25519_COSIGNATURE).text()
        + '\n'
        + others.stream().map(line -> line + '\n').collect(Collectors.joining())
        + "quorum "
        + LOCAL
        + '\n';
  }
}

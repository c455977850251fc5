package dev.raya.cli.pm.trust;

import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.statement.PublishStatement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was shown of a version.
 *
 * @param leaf its record in the log
 * @param statement what its publisher signed
 * @param inclusion that the log holds the record; null of a staged release, which none holds
 * @param cosigners witnesses that cosigned the checkpoint
 * @param named whether an index document was at hand that names the publisher
 * @param provenance how it was built, as far as its attestations show it
 * @param claimed whether the package is claimed, and its claim names the publisher
 */
public record Proven(
    LogRecord.Publish leaf,
    PublishStatement statement,
    RegistryLog.@Nullable Inclusion inclusion,
    Set<String> cosigners,
    FoundProvenance provenance,
    boolean named,
    boolean claimed) {
  /** The label of a registry's own witness, which no other party runs. */
  public static final String LOCAL_WITNESS = LogPolicy.LOCAL;

  /** Copies the set. */
  public Proven {
    cosigners = Set.copyOf(cosigners);
  }

  /** Whether a witness cosigned that is not the registry's own. */
  public boolean isWitnessed() {
    return cosigners.stream().anyMatch(name -> !name.equals(LOCAL_WITNESS));
  }
}

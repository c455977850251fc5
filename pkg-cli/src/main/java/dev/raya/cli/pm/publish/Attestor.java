package dev.raya.cli.pm.publish;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.CommandException;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.PublishStatement;
import java.util.List;

/** Signs what is said of a version (security.md, Who signs what). */
@FunctionalInterface
public interface Attestor {
  /**
   * A signed statement.
   *
   * @param predicateType of the statement
   * @param bundle its Sigstore bundle
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Attestation(String predicateType, byte[] bundle) {
    /** As the announcement of a publish names it. */
    Json json() {
      return Json.object()
          .put("predicateType", predicateType)
          .put("size", bundle.length)
          .put("sha256", Digest.of(bundle).hex())
          .build();
    }
  }

  /**
   * Signs.
   *
   * @return the publish statement first
   * @throws CommandException if it cannot be signed
   * @throws InterruptedException if the thread was interrupted
   */
  List<Attestation> attest(PublishStatement statement)
      throws CommandException, InterruptedException;

  /** Has Sigstore sign the publish statement, and nothing else. */
  static Attestor with(KeylessSigning signing) {
    return statement ->
        List.of(
            new Attestation(
                PublishStatement.PREDICATE_TYPE,
                signing.sign(List.of(statement.bytes())).getFirst()));
  }

  /** Signs the publish statement, and nothing else, with a key: a bundle for each of its halves. */
  static Attestor with(PublisherKey key) {
    return statement ->
        PublishBundle.sign(statement, key).stream()
            .map(bundle -> new Attestation(PublishStatement.PREDICATE_TYPE, bundle.bytes()))
            .toList();
  }
}

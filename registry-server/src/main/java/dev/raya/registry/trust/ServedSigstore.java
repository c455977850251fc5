package dev.raya.registry.trust;

import dev.raya.registry.storage.StaticTree;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.sigstore.TrustedRoot;
import java.io.IOException;

/**
 * The Sigstore services that this registry's signed metadata names: what clients will believe, so
 * that what is accepted here verifies there.
 */
public final class ServedSigstore implements SigstoreTrust {
  private final StaticTree tree;

  /** Those of the static tree. */
  public ServedSigstore(StaticTree tree) {
    this.tree = tree;
  }

  @Override
  public TrustedRoot root() throws SigningException {
    try {
      byte[] document = tree.read(TrustFiles.SIGSTORE).orElse(null);
      return document == null ? SigstoreTrust.NONE.root() : TrustedRoot.read(document);
    } catch (IOException unreadable) {
      throw new SigningException(
          SigningException.Code.STATEMENT_REFUSED,
          TrustFiles.SIGSTORE + " cannot be read: " + unreadable.getMessage(),
          unreadable);
    }
  }
}

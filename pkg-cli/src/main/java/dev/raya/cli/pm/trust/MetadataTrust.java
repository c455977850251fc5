package dev.raya.cli.pm.trust;

import dev.raya.cli.console.CommandException;
import dev.raya.signing.SigningException;
import dev.raya.signing.sigstore.SigstoreTrust;
import dev.raya.signing.sigstore.TrustedRoot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Sigstore services that a registry's TUF metadata names; looked up for the first bundle with a
 * certificate. For one thread.
 */
final class MetadataTrust implements SigstoreTrust {
  private final SignedMetadata metadata;
  private @Nullable TrustedRoot root;

  MetadataTrust(SignedMetadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public TrustedRoot root() throws SigningException {
    TrustedRoot present = root;
    if (present == null) {
      Optional<byte[]> document;
      try {
        document = metadata.sigstore();
      } catch (CommandException unavailable) {
        throw new SigningException(
            SigningException.Code.PROOF_REFUSED,
            "the Sigstore services that the registry trusts are not known: "
                + unavailable.getMessage(),
            unavailable);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new SigningException(SigningException.Code.PROOF_REFUSED, "interrupted", interrupted);
      }
      present = document.isEmpty() ? SigstoreTrust.NONE.root() : TrustedRoot.read(document.get());
      root = present;
    }
    return present;
  }
}

package dev.raya.registry.publish;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.trust.Claims;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A claimed package takes versions only from whom its claim names, whatever the package's list of
 * publishers says by now: clients refuse all others.
 */
final class CheckClaim implements PublishStep {
  private final StaticTree tree;

  CheckClaim(StaticTree tree) {
    this.tree = tree;
  }

  @Override
  public void run(Publication publication) throws RegistryException, IOException {
    if (publication.isFirstKeyToCome()) {
      return;
    }
    PackageName name = publication.announcement().name();
    Optional<List<Identity>> claim = Claims.publishers(tree, name);
    if (claim.isPresent() && !CheckName.admits(claim.get(), publication.signer())) {
      throw new RegistryException(
          Problem.STATEMENT_REFUSED,
          "publish statement refused: "
              + name
              + " is claimed, and its claim does not name the signer",
          "the registry's operator renews the claim with raya-registry claim " + name);
    }
  }
}

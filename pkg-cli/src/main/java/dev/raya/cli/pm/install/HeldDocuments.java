package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Concurrently;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HeldIndexSource;
import dev.raya.cli.pm.fetch.IndexStore;
import dev.raya.cli.pm.fetch.StagedIndex;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The index documents that are held, by package: who may publish. */
final class HeldDocuments {
  private static final String DAMAGED = "RAYA-SEC-013";

  private final Session session;
  private final String readFrom;
  private final Map<PackageName, IndexDocument> read;

  /**
   * Takes what was read already.
   *
   * @param readFrom the registry's origin
   * @param read its documents that need not be read again
   */
  HeldDocuments(Session session, String readFrom, Map<PackageName, IndexDocument> read) {
    this.session = session;
    this.readFrom = readFrom;
    this.read = read;
  }

  /**
   * The documents of these packages, as far as they are held. Those of staged releases are the
   * signed ones, {@link StagedIndex}, and are asked for.
   *
   * @param asks whether they are although this home holds them
   */
  Map<PackageName, IndexDocument> of(List<PackageClaim> claims, boolean asks)
      throws CommandException, IOException, InterruptedException {
    Map<String, Optional<HeldIndexSource>> sources = new HashMap<>();
    for (PackageClaim claim : claims) {
      if (!sources.containsKey(claim.origin())) {
        sources.put(
            claim.origin(),
            session
                .known()
                .byOrigin(claim.origin())
                .map(known -> new HeldIndexSource(new IndexStore(session.known().folder(known)))));
      }
    }
    List<Optional<IndexDocument>> found =
        Concurrently.each(
            claims,
            claim -> document(claim, sources.getOrDefault(claim.origin(), Optional.empty())));
    Map<PackageName, IndexDocument> documents = new LinkedHashMap<>();
    for (int i = 0; i < found.size(); i++) {
      PackageName name = claims.get(i).name();
      found.get(i).ifPresent(document -> documents.put(name, document));
    }
    for (PackageClaim claim : claims) {
      if (claim.isStaged()) {
        IndexDocument signed = StagedIndex.of(session, claim, asks);
        if (signed == null) {
          documents.remove(claim.name());
        } else {
          documents.put(claim.name(), signed);
        }
      }
    }
    return documents;
  }

  private Optional<IndexDocument> document(PackageClaim claim, Optional<HeldIndexSource> held)
      throws CommandException {
    IndexDocument fresh = claim.origin().equals(readFrom) ? read.get(claim.name()) : null;
    if (fresh != null) {
      return Optional.of(fresh);
    }
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try {
      return held.get().held(claim.name());
    } catch (CommandException unusable) {
      if (session.settings().offline() || !unusable.findings().getFirst().code().equals(DAMAGED)) {
        throw unusable;
      }
      return Optional.empty(); // whoever asks for the document gets another
    }
  }
}

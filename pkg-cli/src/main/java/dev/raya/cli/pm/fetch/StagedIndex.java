package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may publish what is staged. A log vouches for a published version whatever index is at hand;
 * of a staged release the index is all that says whose signature counts. So a document is taken for
 * one only if signed metadata names exactly it, and that there is none only if that metadata says
 * so (docs/decisions/0392).
 */
public final class StagedIndex {
  private StagedIndex() {}

  /**
   * The index document to hold a staged release against.
   *
   * @param asks whether the registry is asked although this home holds an answer; without one it is
   *     asked unless the command is offline
   * @return {@link RegistryTrust#unpublished} if the signed index says that the name has no
   *     versions; null if nothing signed says anything
   * @throws CommandException if the registry cannot be reached or is refused
   * @throws InterruptedException if the thread was interrupted
   */
  public static @Nullable IndexDocument of(Session session, PackageClaim claim, boolean asks)
      throws CommandException, InterruptedException {
    boolean offline = session.settings().offline();
    IndexDocument held = asks && !offline ? null : held(session, claim);
    if (held != null || offline) {
      return held;
    }
    IndexDocument asked =
        IndexAnswers.document(session.index(session.registryOf(claim.origin())), claim.name());
    return asked == null ? RegistryTrust.unpublished(claim.name()) : readable(asked);
  }

  /**
   * The same by what this home holds; nothing is asked for.
   *
   * @throws CommandException if a file cannot be read
   */
  public static @Nullable IndexDocument held(Session session, PackageClaim claim)
      throws CommandException {
    Optional<KnownRegistries.Known> known = session.known().byOrigin(claim.origin());
    if (known.isEmpty()) {
      return null;
    }
    Optional<Role.TargetFile> named;
    try {
      named = session.heldMetadata(known.get()).index(claim.name());
    } catch (CommandException nothingSigned) {
      return null; // whoever needs the document says that it is missing
    }
    if (named.isEmpty()) {
      return RegistryTrust.unpublished(claim.name());
    }
    try {
      byte[] held = new IndexStore(session.known().folder(known.get())).intact(claim.name());
      if (!Digest.of(held).hex().equals(named.get().hashes().get("sha256"))) {
        return null; // another state of it: what was staged is not judged by that
      }
      return readable(IndexDocumentReader.read(claim.name(), held));
    } catch (IndexException malformed) {
      throw new CommandException("RAYA-SEC-013", "the held " + malformed.getMessage());
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** A document of lines that this client cannot read names nobody, and is not an absent one. */
  private static @Nullable IndexDocument readable(IndexDocument document) {
    return document.lines().isEmpty() ? null : document;
  }
}

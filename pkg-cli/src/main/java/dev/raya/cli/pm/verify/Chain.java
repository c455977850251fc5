package dev.raya.cli.pm.verify;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cli.pm.trust.FoundProvenance;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.Proven;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.cli.pm.trust.RegistryTrust;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.statement.BuildProvenance;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of one locked package lead to a key that this home trusts, link by link: each holds
 * the one before it.
 *
 * @param claim what the lockfile says
 * @param proven what record, proof and statement showed; null at a level that asks for none
 * @param yanked whether its publisher took it back, as last seen
 * @param libraries native libraries that are in the cache and were hashed
 */
public record Chain(PackageClaim claim, @Nullable Proven proven, boolean yanked, int libraries) {

  /**
   * A link.
   *
   * @param what what it is, a word
   * @param text what was found
   */
  public record Link(String what, String text) {}

  /** The links, from the bytes on this disk to the registry's root. */
  public List<Link> links() {
    List<Link> links = new ArrayList<>();
    links.add(
        new Link(
            "files",
            "hash to tree "
                + claim.tree()
                + (libraries == 0 ? "" : ", " + libraries + " libraries")));
    links.add(
        new Link(
            "archive", claim.checksum() + ", " + claim.size() + " bytes, as raya.lock has it"));
    links.add(
        new Link(
            "needs",
            (claim.capabilities().isEmpty() ? "nothing" : String.join(", ", claim.capabilities()))
                + ", computed from its bytecode"));
    Proven shown = proven;
    if (shown == null) {
      links.add(new Link("level", "permissive: neither log nor statement were asked for"));
      return links;
    }
    signed(links, shown);
    build(links, shown.provenance());
    logged(links, shown);
    if (yanked) {
      links.add(new Link("status", "yanked, as last seen"));
    }
    return links;
  }

  private void signed(List<Link> links, Proven shown) {
    int libraries = shown.statement().subjects().size() - 1;
    links.add(
        new Link(
            "statement",
            "signed by "
                + RegistryTrust.describe(shown.leaf().publisher())
                + " over this archive"
                + (libraries == 0 ? "" : ", its " + libraries + " native libraries")
                + ", tree and needs; packed by toolchain "
                + shown.statement().toolchain().version()));
    if (shown.leaf().publisher() instanceof Identity.Oidc run) {
      links.add(
          new Link(
              "signer",
              run.key() == null
                  ? "a certificate of Sigstore for that run alone, whose ID token of "
                      + run.issuer()
                      + " it saw; its log holds the signature"
                  : "a key made for that run alone; the registry bound it to the run's ID token of "
                      + run.issuer()));
    }
    links.add(
        new Link(
            "publisher",
            (shown.named()
                    ? "may publish " + claim.name() + ": its index, signed by the registry, says so"
                    : claim.isStaged()
                        ? "the first of this name: its registry's signed index names nobody yet"
                        : "named by the record alone: no index of " + claim.name() + " is held")
                + (shown.claimed() ? ", and so does the claim of offline keys" : "")));
  }

  private void logged(List<Link> links, Proven shown) {
    RegistryLog.Inclusion inclusion = shown.inclusion();
    if (inclusion == null) {
      links.add(
          new Link(
              "stage",
              claim.stage()
                  + " of "
                  + claim.origin()
                  + ": a staged release, in no log and no signed index, taken by --stage"));
      return;
    }
    Checkpoint checkpoint = inclusion.checkpoint();
    links.add(
        new Link(
            "record",
            claim.log()
                + " of the registry's log says all of this, since "
                + shown.leaf().header().time()));
    links.add(
        new Link(
            "checkpoint",
            "holds that record: "
                + checkpoint.origin()
                + " at size "
                + checkpoint.size()
                + ", root "
                + checkpoint.root()
                + (shown.cosigners().isEmpty()
                    ? ""
                    : ", cosigned by " + String.join(", ", new TreeSet<>(shown.cosigners())))));
    links.add(
        new Link("registry", claim.origin() + ", whose metadata (below) names the log's key"));
  }

  private static void build(List<Link> links, FoundProvenance provenance) {
    BuildProvenance build = provenance.build();
    if (build == null) {
      links.add(new Link("build", "no provenance: " + provenance.missing()));
      return;
    }
    BuildProvenance.Source source = build.source();
    links.add(
        new Link(
            "build",
            "from commit "
                + source.commit()
                + " ("
                + source.ref()
                + ") of "
                + source.repository()
                + (source.directory().isEmpty() ? "" : ", folder " + source.directory())));
    links.add(
        new Link(
            "builder",
            build.builder()
                + (build.invocation() == null ? "" : ", run " + build.invocation())
                + "; the run says so, signed like the statement; `raya-pm rebuild` tries it"));
  }

  private static Json json(BuildProvenance build) {
    Digest lockfile = build.lockfile();
    return Json.object()
        .put("repository", build.source().repository())
        .put("ref", build.source().ref())
        .put("commit", build.source().commit())
        .put("directory", build.source().directory())
        .put("workflow", build.workflow())
        .put("toolchain", build.toolchain().version())
        .put("builder", build.builder())
        .putUnlessEmpty("invocation", build.invocation())
        .putUnlessEmpty("lockfile", lockfile == null ? null : lockfile.toString())
        .build();
  }

  /** The chain as an object. */
  Json json() {
    Json.ObjectBuilder object =
        Json.object()
            .put("name", claim.name().text())
            .put("version", claim.version().text())
            .put("origin", claim.origin())
            .put("checksum", claim.checksum().toString())
            .put("tree", claim.tree().toString())
            .put("size", claim.size())
            .put("capabilities", Json.strings(claim.capabilities()))
            .put("yanked", yanked);
    if (claim.isStaged()) {
      object.putUnlessEmpty("stage", claim.stage());
    } else {
      object.put("log", claim.log()).put("time", claim.time().toString());
    }
    Proven shown = proven;
    if (shown != null) {
      BuildProvenance build = shown.provenance().build();
      if (build != null) {
        object.put("provenance", json(build));
      }
      RegistryLog.Inclusion inclusion = shown.inclusion();
      object
          .put("publisher", shown.leaf().publisher().json())
          .put("publisherNamed", shown.named())
          .put("claimed", shown.claimed())
          .put("attestations", shown.leaf().attestations().size());
      if (inclusion != null) {
        object.put(
            "checkpoint",
            Json.object()
                .put("origin", inclusion.checkpoint().origin())
                .put("size", inclusion.checkpoint().size())
                .put("root", inclusion.checkpoint().root().hex())
                .put("cosigners", Json.strings(List.copyOf(new TreeSet<>(shown.cosigners()))))
                .build());
      }
    }
    return object.build();
  }
}

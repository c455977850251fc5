package dev.raya.cli.pm.rebuild;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.fetch.git.GitAddress;
import dev.raya.cli.pm.fetch.git.GitCheckout;
import dev.raya.cli.pm.fetch.git.GitStore;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.cli.pm.install.Installer;
import dev.raya.cli.pm.install.PublishedVersion;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.Toolchain;
import dev.raya.cli.pm.publish.GrantCheck;
import dev.raya.cli.pm.publish.Packed;
import dev.raya.cli.pm.publish.Packer;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.cli.pm.trust.Proven;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Dependency.GitReference;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.version.Version;
import dev.raya.signing.statement.BuildProvenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a published version again, as its provenance says it was built: the folder of the commit,
 * the dependencies of its lockfile, the toolchain of that version. Nothing of the sources runs; the
 * compiler reads them.
 */
public final class Rebuild {
  private static final String NOT_REPRODUCIBLE = "RAYA-PKG-011";

  private final Session session;
  private final IndexDocument document;
  private final PublishedVersion published;
  private final BuildProvenance provenance;
  private final List<String> remarks = new ArrayList<>();

  private Rebuild(
      Session session,
      IndexDocument document,
      PublishedVersion published,
      BuildProvenance provenance) {
    this.session = session;
    this.document = document;
    this.published = published;
    this.provenance = provenance;
  }

  /**
   * Fetches a version and verifies it as an install does, provenance included.
   *
   * @param origin of the registry that it is from
   * @throws CommandException RAYA-SEC-009 if it carries no provenance, RAYA-TC-002 if it was built
   *     with another toolchain than this one, or as fetching and verifying fail
   * @throws InterruptedException if the thread was interrupted
   */
  public static Rebuild of(Session session, IndexDocument document, String origin, Version version)
      throws CommandException, InterruptedException {
    // Whoever asks for a rebuild wants to know what the statement says, whatever installs ask for.
    session.raise("normal");
    PublishedVersion published = PublishedVersion.of(session, document, origin, version);
    PackageClaim claim = published.claim();
    try {
      session.cache().verify(published.entry());
      if (session.cache().proof(published.entry()).isEmpty()) {
        new PackageFetcher(session, session.registry(), Map.of(claim.name(), document))
            .fetch(List.of(claim));
      }
      Proven proven =
          session
              .trust()
              .cached(
                  claim,
                  document,
                  session.cache().proof(published.entry()).orElse(null),
                  session.log(session.registry()));
      if (proven == null) {
        throw new IllegalStateException("the level was raised to one that asks for a proof");
      }
      BuildProvenance build = proven.provenance().build();
      if (build == null) {
        throw new CommandException(
            "RAYA-SEC-009",
            claim.label() + " cannot be built again: nothing says what it was built from",
            "found: " + proven.provenance().missing(),
            "versions that a CI workflow publishes with raya-pm carry provenance");
      }
      requireToolchain(claim, build.toolchain().version());
      return new Rebuild(session, document, published, build);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private static void requireToolchain(PackageClaim claim, String version) throws CommandException {
    if (!version.equals(ProgramVersion.CURRENT)) {
      throw new CommandException(
          "RAYA-TC-002",
          claim.label()
              + " was built with the toolchain "
              + version
              + ", and this is "
              + ProgramVersion.CURRENT,
          "run rebuild with the raya-pm of the toolchain " + version);
    }
  }

  /** What it was built from, as its provenance says. */
  public BuildProvenance provenance() {
    return provenance;
  }

  /** What the index says of it. */
  public PackageClaim claim() {
    return published.claim();
  }

  /** What was not as the provenance says and explains a difference, in words. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /**
   * Builds it and compares.
   *
   * @param source address of a repository that has the commit too, or null for the stated one
   * @param allowedSecrets paths that were packed although they look like secrets
   * @param work an existing, empty folder
   * @throws CommandException as the commit cannot be had, or its manifest or files are refused
   * @throws BuildFailure if the compiler refuses the sources
   * @throws IOException if a file cannot be read or written
   * @throws InterruptedException if the thread was interrupted
   */
  public Comparison compare(@Nullable String source, Set<String> allowedSecrets, Path work)
      throws CommandException, BuildFailure, IOException, InterruptedException {
    Toolchain toolchain = Toolchain.of(session.settings().environment());
    if (!toolchain.digest().equals(provenance.toolchain().digest())) {
      remarks.add(
          "it was built with another build or target of the toolchain "
              + ProgramVersion.CURRENT
              + ": "
              + provenance.toolchain().digest());
    }
    ProjectFolder project = project(checkout(source), work.resolve("sources"));
    Manifest manifest = Manifests.read(project, session.console());
    requireNothingOfThisMachine(project, manifest, work.resolve("sources"), new HashSet<>());
    compareLockfile(project);
    if (!manifest.dependencies().isEmpty() || !manifest.devDependencies().isEmpty()) {
      new Installer(session, project).install(InstallRequest.PLAIN);
      GrantCheck.ofDirectDependencies(project, manifest);
    }
    Packed packed =
        new Packer(project, manifest, toolchain, session.known(), session.console(), allowedSecrets)
            .pack(Files.createDirectory(work.resolve("packed")));
    CacheEntry entry = published.entry();
    return Comparison.of(published.claim(), entry, packed);
  }

  private GitCheckout checkout(@Nullable String source)
      throws CommandException, InterruptedException {
    BuildProvenance.Source stated = provenance.source();
    String address = source == null ? stated.repository() : source;
    return new GitStore(session)
        .checkout(
            new Source.Git(address, GitReference.REV, stated.commit()),
            GitAddress.parse(address, source != null),
            null,
            false);
  }

  /** The package's folder in a copy of the checkout, which is shared and read-only. */
  private ProjectFolder project(GitCheckout checkout, Path sources)
      throws CommandException, IOException {
    Directories.copy(checkout.files(), sources);
    Path folder = sources.resolve(provenance.source().directory());
    if (!Files.isRegularFile(folder.resolve(ProjectFolder.MANIFEST))) {
      throw new CommandException(
          NOT_REPRODUCIBLE,
          published.claim().label() + " cannot be built again: its sources are not there",
          "expected: "
              + ProjectFolder.MANIFEST
              + " in "
              + (provenance.source().directory().isEmpty()
                  ? "the repository's own folder"
                  : "the folder " + provenance.source().directory())
              + " at "
              + provenance.source().commit(),
          "its provenance is untrue; tell its publisher");
    }
    return ProjectFolder.find(folder);
  }

  /** The sources are somebody else's: what they name is taken from the commit or from elsewhere. */
  private void requireNothingOfThisMachine(
      ProjectFolder project, Manifest manifest, Path sources, Set<Path> seen)
      throws CommandException {
    List<Dependency> all = new ArrayList<>(manifest.dependencies().values());
    all.addAll(manifest.devDependencies().values());
    for (Dependency dependency : all) {
      if (dependency.source() instanceof Source.Git(String url, var kind, var reference)) {
        GitAddress.parse(url, false);
      } else if (dependency.source() instanceof Source.Path(String path)) {
        Path folder = project.root().resolve(path).normalize();
        if (!folder.startsWith(sources)) {
          throw new CommandException(
              NOT_REPRODUCIBLE,
              published.claim().label()
                  + " cannot be built again: "
                  + dependency.name()
                  + " lies at "
                  + path
                  + ", outside of the commit",
              "its publisher can publish that package, or move it into the repository");
        }
        if (Files.isRegularFile(folder.resolve(ProjectFolder.MANIFEST)) && seen.add(folder)) {
          ProjectFolder member = new ProjectFolder(folder);
          requireNothingOfThisMachine(
              member, Manifests.read(member, session.console()), sources, seen);
        }
      }
    }
  }

  private void compareLockfile(ProjectFolder project) throws IOException {
    Digest stated = provenance.lockfile();
    Optional<Digest> found =
        Files.isRegularFile(project.lockfile())
            ? Optional.of(Digest.ofFile(project.lockfile()))
            : Optional.empty();
    if (stated != null && found.isEmpty()) {
      remarks.add("raya.lock is not in the commit: dependencies are resolved as of now");
    } else if (stated != null && !stated.equals(found.get())) {
      remarks.add("raya.lock of the commit is not the one it was built with: " + found.get());
    }
  }
}

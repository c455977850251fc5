package dev.raya.registry.web;

import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.registry.advisory.ServedAdvisories;
import dev.raya.registry.http.Answers;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.Times;
import dev.raya.registry.markdown.Markdown;
import dev.raya.registry.packages.ArchiveFiles;
import dev.raya.registry.packages.PackagePath;
import dev.raya.registry.packages.PackageViews;
import dev.raya.registry.packages.PackageViews.PackageView;
import dev.raya.registry.packages.PackageViews.VersionView;
import dev.raya.registry.packages.ServedProvenance;
import dev.raya.registry.search.PackageSearch;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.signing.statement.BuildProvenance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Home, packages, versions, and the explanation of error codes. */
@Path("/")
@RunOnVirtualThread
public final class PagesResource {
  private static final int RECENT = 12;

  private final PackageViews packages;
  private final PackageSearch search;
  private final DirectoryBlobStore blobs;
  private final RegistrySettings settings;
  private final ServedAdvisories advisories;
  private final ArchiveFiles archives;
  private final Markdown markdown;
  private final ServedProvenance provenance;

  @Inject
  PagesResource(
      PackageViews packages,
      PackageSearch search,
      DirectoryBlobStore blobs,
      RegistrySettings settings,
      ServedAdvisories advisories,
      ArchiveFiles archives,
      Markdown markdown,
      ServedProvenance provenance) {
    this.packages = packages;
    this.search = search;
    this.blobs = blobs;
    this.settings = settings;
    this.advisories = advisories;
    this.archives = archives;
    this.markdown = markdown;
    this.provenance = provenance;
  }

  /** Home. */
  @GET
  public Response home(@HeaderParam("If-None-Match") @Nullable String ifNoneMatch)
      throws RegistryException {
    long[] counts = search.counts();
    return HtmlAnswers.page(
        Templates.home(
            new HomeModel(
                settings.origin(),
                Shown.count(counts[0]),
                Shown.count(counts[1]),
                Shown.hits(search.search("", RECENT, null).hits()))),
        ifNoneMatch);
  }

  /** A package, or a version of it. */
  @GET
  @Path("p/{path: .+}")
  public Response show(
      @PathParam("path") String path,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
      @HeaderParam("Accept") @Nullable String accept)
      throws RegistryException, IOException {
    PackagePath target = PackagePath.of(path);
    PackageView view = packages.find(target.name());
    List<String> rest = target.rest();
    boolean json = accept != null && accept.startsWith(Answers.JSON);
    if (rest.isEmpty()) {
      return json
          ? Answers.cached(PackageViews.json(view), "public, max-age=60", ifNoneMatch)
          : page(view, view.latest(), false, ifNoneMatch);
    }
    if (rest.size() == 2 && rest.getFirst().equals("v")) {
      VersionView version = packages.find(target.name(), rest.get(1));
      return json
          ? Answers.cached(
              PackageViews.json(target.name(), version, provenance.of(version.row())),
              "public, max-age=60",
              ifNoneMatch)
          : page(view, version, true, ifNoneMatch);
    }
    if (rest.size() == 3 && rest.getFirst().equals("v") && rest.getLast().equals("docs")) {
      VersionView version = packages.find(target.name(), rest.get(1));
      byte[] document = archives.read(version.row(), "docs.json").orElse(null);
      return json && document != null
          ? Answers.cached(document, Answers.JSON, "public, max-age=60", ifNoneMatch)
          : HtmlAnswers.page(
              Templates.docsPage(
                  new DocsModel(
                      view.name(),
                      version.row().version,
                      document == null ? List.of() : new DocsReader(markdown).read(document))),
              ifNoneMatch);
    }
    throw new RegistryException(
        Problem.NOT_FOUND,
        "there is nothing at /p/" + path,
        "a package is at /p/NAME, a version at /p/NAME/v/VERSION");
  }

  /** What an error code means. */
  @GET
  @Path("help/errors/{code}")
  public Response errorCode(
      @PathParam("code") String code,
      @HeaderParam("If-None-Match") @Nullable String ifNoneMatch,
      RoutingContext context)
      throws RegistryException {
    ErrorCode entry =
        ErrorCodes.find(code)
            .orElseThrow(
                () -> new RegistryException(Problem.NOT_FOUND, "there is no error code " + code));
    if (!HtmlAnswers.wanted(context)) {
      String text =
          entry.code()
              + ": "
              + entry.title()
              + "\n\n"
              + entry.cause()
              + "\n\nExample:\n"
              + entry.example().indent(2)
              + "\n"
              + entry.remedy()
              + "\n";
      return Answers.cached(
          text.getBytes(StandardCharsets.UTF_8),
          "text/plain; charset=utf-8",
          "public, max-age=3600",
          ifNoneMatch);
    }
    return HtmlAnswers.page(
        Templates.errorCode(
            new ErrorCodeModel(
                entry.code(),
                entry.title(),
                entry.cause(),
                entry.example(),
                entry.remedy(),
                entry.exit())),
        ifNoneMatch);
  }

  private Response page(
      PackageView view, VersionView version, boolean pinned, @Nullable String ifNoneMatch)
      throws IOException {
    return HtmlAnswers.page(
        Templates.packagePage(
            model(
                view,
                version,
                pinned,
                readme(version),
                warnings(view, version),
                provenance.of(version.row()).map(PagesResource::build).orElse(null))),
        ifNoneMatch);
  }

  private String readme(VersionView version) throws IOException {
    Optional<String> digest = packages.readme(version.row().id);
    if (digest.isEmpty()) {
      return "";
    }
    try (InputStream in = blobs.open(new Digest(digest.get()))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The name alone: a page is no place to collect addresses from. */
  private static String withoutAddress(String author) {
    int address = author.indexOf('<');
    return (address > 0 ? author.substring(0, address) : author).strip();
  }

  private static PackageModel.Status status(VersionView shown) {
    PackageViews.Held held = shown.held();
    return new PackageModel.Status(
        shown.row().yanked,
        shown.row().deprecated,
        Objects.requireNonNullElse(shown.row().statusReason, ""),
        Objects.requireNonNullElse(shown.row().statusUse, ""),
        shown.row().statusMessage,
        held == null ? "" : held.reason() + (held.advisory() == null ? "" : ", " + held.advisory()),
        held == null || held.near() == null ? "" : held.near());
  }

  private List<PackageModel.Warning> warnings(PackageView view, VersionView shown)
      throws IOException {
    return shown.hit(advisories.advisories(), view.name()).stream()
        .map(
            advisory ->
                new PackageModel.Warning(
                    advisory.id(),
                    advisory.summary(),
                    advisory.severity(),
                    String.join(
                        ", ",
                        advisory.fixesOf(new PackageName(view.name())).stream()
                            .map(Version::text)
                            .toList())))
        .toList();
  }

  private static PackageModel.Build build(ServedProvenance.Served served) {
    BuildProvenance.Source source = served.build().source();
    boolean linked = source.repository().startsWith("https://");
    String invocation = served.build().invocation();
    return new PackageModel.Build(
        source.repository(),
        linked ? source.repository() : "",
        source.commit(),
        source.ref(),
        source.directory(),
        served.build().workflow(),
        served.build().toolchain().version(),
        invocation != null && linked && invocation.startsWith(source.repository() + '/')
            ? invocation
            : "",
        served.bundle());
  }

  private static PackageModel model(
      PackageView view,
      VersionView shown,
      boolean pinned,
      String readme,
      List<PackageModel.Warning> warnings,
      PackageModel.@Nullable Build build) {
    PackageMetadata metadata = shown.metadata();
    String version = shown.row().version;
    String latest = view.latest().row().version;
    String repository = metadata.repository();
    return new PackageModel(
        view.name(),
        version,
        latest,
        version.equals(latest),
        pinned,
        status(shown),
        warnings,
        view.tags().entrySet().stream()
            .map(tag -> new PackageModel.Tag(tag.getKey(), tag.getValue()))
            .toList(),
        metadata.description(),
        metadata.license(),
        repository.startsWith("https://") ? repository : "",
        metadata.keywords(),
        metadata.authors().stream().map(PagesResource::withoutAddress).toList(),
        view.owners(),
        "raya-pm add " + view.name() + (pinned ? "@" + version : ""),
        metadata.raya().isAny() ? "any release" : metadata.raya().text(),
        Shown.day(shown.logged()),
        Times.text(shown.logged()),
        shown.publisher(),
        Shown.size(shown.row().size),
        shown.row().archive,
        PackageViews.archivePath(shown.row()),
        shown.log(),
        build,
        readme,
        metadata.capabilities().stream()
            .map(name -> new PackageModel.Capability(name.text(), CapabilityText.of(name.text())))
            .toList(),
        metadata.natives().stream()
            .map(
                blob ->
                    new PackageModel.Native(
                        blob.module(),
                        blob.target(),
                        Shown.size(blob.size()),
                        PackageViews.blobPath(blob.sha256().hex()),
                        blob.file()))
            .toList(),
        metadata.dependencies().stream()
            .map(
                dependency ->
                    new PackageModel.Dependency(
                        dependency.name().text(),
                        dependency.alias().equals(dependency.name())
                            ? ""
                            : dependency.alias().text(),
                        dependency.range().text(),
                        dependency.optional()))
            .toList(),
        view.versions().stream()
            .map(
                row ->
                    new PackageModel.Version(
                        row.row().version,
                        Shown.day(row.logged()),
                        Times.text(row.logged()),
                        row.publisher(),
                        row.row().method,
                        Shown.size(row.row().size),
                        row.row().yanked,
                        row.row().deprecated,
                        row.row().prerelease,
                        row.row().version.equals(version)))
            .toList());
  }
}

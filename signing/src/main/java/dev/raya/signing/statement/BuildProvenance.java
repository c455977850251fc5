package dev.raya.signing.statement;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.key.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a workflow's run built a version: an in-toto Statement v1 with the predicate of SLSA
 * provenance v1 over the subjects of the publish statement (security.md, "Who signs what"). Of the
 * predicates that SLSA leaves open it is the one with the build type {@value #BUILD_TYPE}: the
 * commit, the folder in it, the lockfile and the toolchain, which are all that a build depends on.
 *
 * @param subjects the version's archive, then its native blobs
 * @param source where the sources come from
 * @param workflow path of the workflow's file, as the run's identity has it
 * @param ownerId number of the repository's owner at the issuer, as text
 * @param repositoryId number of the repository at the issuer, as text
 * @param toolchain what compiled and packed it
 * @param lockfile digest of {@code raya.lock}, or null if there is none
 * @param builder address that stands for the machines that ran the workflow
 * @param invocation address of the run, or null if the service tells none
 */
public record BuildProvenance(
    List<Subject> subjects,
    Source source,
    String workflow,
    String ownerId,
    String repositoryId,
    PublishStatement.PackingToolchain toolchain,
    @Nullable Digest lockfile,
    String builder,
    @Nullable String invocation) {
  /** The predicate type of SLSA provenance. */
  public static final String PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

  /** What the parameters of such a build mean: this class's documentation. */
  public static final String BUILD_TYPE = "https://raya.dev/build/v1";

  private static final int MAX_TEXT = 2048;
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern BELOW = Pattern.compile("(?:/[A-Za-z0-9._-]+)+");
  private static final String TOOLCHAIN = "pkg:generic/raya@";
  private static final String LOCKFILE = "raya.lock";
  private static final String GIT = "git+";

  /**
   * A folder of a commit.
   *
   * @param repository address of the git repository
   * @param ref git reference that the run was for
   * @param commit full id of the commit
   * @param directory the package's folder in the repository; empty for the repository's own
   */
  public record Source(String repository, String ref, String commit, String directory) {
    /**
     * Checks the folder, which is looked up in a checkout.
     *
     * @throws IllegalArgumentException if it leads elsewhere or is not written in its one form, or
     *     the commit is not a full id
     */
    public Source {
      if (!COMMIT.matcher(commit).matches()) {
        throw new IllegalArgumentException("expected the full id of a commit, found " + commit);
      }
      if (!isFolder(directory)) {
        throw new IllegalArgumentException(
            "expected a folder of the repository, found " + directory);
      }
    }

    /**
     * Whether a folder can be named: no part of it may be taken for another place on any machine.
     *
     * @param directory parts joined by slashes; empty for the repository's own
     */
    public static boolean isFolder(String directory) {
      if (directory.isEmpty()) {
        return true;
      }
      for (String part : directory.split("/", -1)) {
        if (part.isEmpty()
            || part.equals(".")
            || part.equals("..")
            || part.chars().anyMatch(c -> c == '\\' || c == ':' || c < ' ')) {
          return false;
        }
      }
      return true;
    }
  }

  /** Copies the list. */
  public BuildProvenance {
    subjects = List.copyOf(subjects);
  }

  /**
   * Provenance of what a run built.
   *
   * @param statement the publish statement of the same version
   * @param run the run, as the registry read its ID token
   * @param directory the package's folder in the repository; empty for the repository's own
   * @throws IllegalArgumentException if the run names no commit, or the folder is none
   */
  public static BuildProvenance of(
      PublishStatement statement,
      Identity.Oidc run,
      String directory,
      @Nullable Digest lockfile,
      String builder,
      @Nullable String invocation) {
    return new BuildProvenance(
        statement.subjects(),
        new Source(
            run.repositoryAddress(), run.ref(), run.sha() == null ? "" : run.sha(), directory),
        run.workflow(),
        run.ownerId(),
        run.repositoryId(),
        statement.toolchain(),
        lockfile,
        builder,
        invocation);
  }

  /**
   * What in it is not as the run has it, whose token the issuer signed: everything that the run's
   * identity can vouch for must be.
   *
   * @return the first difference in words, or null
   */
  public @Nullable String differenceFrom(Identity.Oidc run) {
    String server = run.server();
    if (!builder.equals(run.issuer()) && !builder.startsWith(server + '/')) {
      return "builder: expected one of " + server + ", found " + builder;
    }
    String difference = unequal("repository", run.repositoryAddress(), source.repository());
    difference = difference == null ? unequal("ref", run.ref(), source.ref()) : difference;
    difference = difference == null ? unequal("commit", run.sha(), source.commit()) : difference;
    difference = difference == null ? unequal("workflow", run.workflow(), workflow) : difference;
    difference = difference == null ? unequal("owner id", run.ownerId(), ownerId) : difference;
    difference =
        difference == null
            ? unequal("repository id", run.repositoryId(), repositoryId)
            : difference;
    if (difference == null && invocation != null && !isBelow(run.repositoryAddress(), invocation)) {
      return "invocation: expected a run of " + run.repositoryAddress() + ", found " + invocation;
    }
    return difference;
  }

  /**
   * Whether the run is the one at an address, or a part of it, such as one attempt; true if it is
   * not named.
   */
  public boolean isOfRun(String address) {
    return invocation == null || invocation.equals(address) || isBelow(address, invocation);
  }

  private static boolean isBelow(String address, String found) {
    return found.startsWith(address + '/')
        && BELOW.matcher(found.substring(address.length())).matches()
        && !found.contains("/../")
        && !found.endsWith("/..");
  }

  private static @Nullable String unequal(String what, @Nullable String expected, String found) {
    return found.equals(expected) ? null : what + ": expected " + expected + ", found " + found;
  }

  /** The canonical bytes that are signed. */
  public byte[] bytes() {
    List<Json> named = new ArrayList<>();
    for (Subject subject : subjects) {
      named.add(
          Json.object()
              .put("name", subject.purl())
              .put("digest", sha256(subject.digest()))
              .build());
    }
    Json definition =
        Json.object()
            .put("buildType", BUILD_TYPE)
            .put(
                "externalParameters",
                Json.object()
                    .put(
                        "workflow",
                        Json.object()
                            .put("repository", source.repository())
                            .put("ref", source.ref())
                            .put("path", workflow)
                            .build())
                    .put("directory", source.directory())
                    .build())
            .put(
                "internalParameters",
                Json.object().put("ownerId", ownerId).put("repositoryId", repositoryId).build())
            .put("resolvedDependencies", Json.array(dependencies()))
            .build();
    Json.ObjectBuilder details =
        Json.object().put("builder", Json.object().put("id", builder).build());
    if (invocation != null) {
      details.put("metadata", Json.object().put("invocationId", invocation).build());
    }
    return CanonicalJson.bytes(
        Json.object()
            .put("_type", PublishStatement.STATEMENT_TYPE)
            .put("subject", Json.array(named))
            .put("predicateType", PREDICATE_TYPE)
            .put(
                "predicate",
                Json.object()
                    .put("buildDefinition", definition)
                    .put("runDetails", details.build())
                    .build())
            .build());
  }

  private List<Json> dependencies() {
    List<Json> all = new ArrayList<>();
    all.add(
        Json.object()
            .put("uri", GIT + source.repository() + '@' + source.ref())
            .put("digest", Json.object().put("gitCommit", source.commit()).build())
            .build());
    all.add(
        Json.object()
            .put("uri", TOOLCHAIN + toolchain.version())
            .put("digest", sha256(toolchain.digest()))
            .build());
    if (lockfile != null) {
      all.add(Json.object().put("name", LOCKFILE).put("digest", sha256(lockfile)).build());
    }
    return all;
  }

  private static Json sha256(Digest digest) {
    return Json.object().put("sha256", digest.hex()).build();
  }

  /**
   * Reads a statement of this build type. Members that SLSA adds elsewhere are left alone; source,
   * toolchain and lockfile stand where {@link #bytes} writes them.
   *
   * @throws JsonException if anything is missing, of another type, or beside the point
   */
  public static BuildProvenance read(byte[] payload) throws JsonException {
    JsonFields root = JsonFields.root(JsonReader.read(payload));
    require(root, "_type", PublishStatement.STATEMENT_TYPE);
    require(root, "predicateType", PREDICATE_TYPE);
    List<JsonFields> named = root.list("subject");
    if (named.isEmpty() || named.size() > PublishStatement.MAX_NATIVES + 1) {
      throw root.fault(
          "subject", "expected 1 to " + (PublishStatement.MAX_NATIVES + 1) + " subjects");
    }
    List<Subject> subjects = new ArrayList<>();
    for (JsonFields each : named) {
      subjects.add(new Subject(text(each, "name"), sha256(each)));
    }
    JsonFields predicate = root.fields("predicate");
    JsonFields definition = predicate.fields("buildDefinition");
    require(definition, "buildType", BUILD_TYPE);
    JsonFields external = definition.fields("externalParameters");
    JsonFields workflow = external.fields("workflow");
    JsonFields internal = definition.fields("internalParameters");
    String repository = text(workflow, "repository");
    String ref = text(workflow, "ref");
    List<JsonFields> dependencies = definition.list("resolvedDependencies");
    if (dependencies.size() < 2) {
      throw definition.fault("resolvedDependencies", "expected the source and the toolchain");
    }
    JsonFields git = dependencies.getFirst();
    require(git, "uri", GIT + repository + '@' + ref);
    JsonFields compiler = dependencies.get(1);
    String uri = text(compiler, "uri");
    if (!uri.startsWith(TOOLCHAIN)) {
      throw compiler.fault("uri", "expected " + TOOLCHAIN + "…, found \"" + uri + '"');
    }
    JsonFields run = predicate.fields("runDetails");
    JsonFields metadata = run.optionalFields("metadata");
    try {
      return new BuildProvenance(
          subjects,
          new Source(
              repository, ref, git.fields("digest").string("gitCommit"), directory(external)),
          text(workflow, "path"),
          text(internal, "ownerId"),
          text(internal, "repositoryId"),
          new PublishStatement.PackingToolchain(
              uri.substring(TOOLCHAIN.length()), sha256(compiler)),
          lockfile(dependencies),
          text(run.fields("builder"), "id"),
          metadata == null ? null : metadata.optionalString("invocationId"));
    } catch (IllegalArgumentException malformed) {
      throw definition.fault("externalParameters", String.valueOf(malformed.getMessage()));
    }
  }

  private static String directory(JsonFields external) throws JsonException {
    String directory = external.optionalString("directory");
    return directory == null ? "" : directory;
  }

  private static @Nullable Digest lockfile(List<JsonFields> dependencies) throws JsonException {
    for (JsonFields each : dependencies) {
      if (LOCKFILE.equals(each.optionalString("name"))) {
        return sha256(each);
      }
    }
    return null;
  }

  private static void require(JsonFields fields, String member, String value) throws JsonException {
    String found = fields.string(member);
    if (!found.equals(value)) {
      throw fields.fault(member, "expected \"" + value + "\", found \"" + found + '"');
    }
  }

  private static String text(JsonFields fields, String member) throws JsonException {
    String text = fields.string(member);
    if (text.isEmpty() || text.length() > MAX_TEXT) {
      throw fields.fault(member, "expected 1 to " + MAX_TEXT + " characters");
    }
    return text;
  }

  private static Digest sha256(JsonFields fields) throws JsonException {
    String hex = fields.fields("digest").string("sha256");
    if (!Digest.isHex(hex)) {
      throw fields.fault("digest", "expected 64 lower-case hexadecimal digits of sha256");
    }
    return new Digest(hex);
  }
}

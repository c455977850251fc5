package dev.raya.registry.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A package, seen at one of its versions.
 *
 * @param name its name
 * @param version the version shown
 * @param latest the version that {@code latest} means
 * @param isLatest whether that is the one shown
 * @param pinned whether the address names the version
 * @param status its marks
 * @param advisories what is known against the version shown
 * @param tags tag to version, sorted
 * @param description one line
 * @param license SPDX expression, or empty
 * @param repository address that may be a link, or empty
 * @param keywords its keywords
 * @param authors as the manifest names them
 * @param owners names of its owners
 * @param install the command
 * @param raya toolchains it runs on
 * @param published when, for people
 * @param publishedTime when, RFC 3339
 * @param publisher who
 * @param size of the archive, for people
 * @param digest of the archive, hexadecimal
 * @param archive address of the archive
 * @param log index of its log record
 * @param build how it was built, or null if it carries no provenance
 * @param readme sanitised HTML, or empty
 * @param capabilities what it needs
 * @param natives its native libraries
 * @param dependencies what it depends on
 * @param versions all versions
 */
record PackageModel(
    String name,
    String version,
    String latest,
    boolean isLatest,
    boolean pinned,
    Status status,
    List<Warning> advisories,
    List<Tag> tags,
    String description,
    String license,
    String repository,
    List<String> keywords,
    List<String> authors,
    List<String> owners,
    String install,
    String raya,
    String published,
    String publishedTime,
    String publisher,
    String size,
    String digest,
    String archive,
    long log,
    @Nullable Build build,
    String readme,
    List<Capability> capabilities,
    List<Native> natives,
    List<Dependency> dependencies,
    List<Version> versions) {

  /**
   * What was said about the version shown after it was published.
   *
   * @param yanked hidden from new resolutions
   * @param deprecated advised against
   * @param reason one word, or empty
   * @param use the version to use instead, or empty
   * @param message in words, or empty
   * @param held why the registry holds it back, or empty
   * @param near the package whose name its own is near to, while a person looks at that; or empty
   */
  record Status(
      boolean yanked,
      boolean deprecated,
      String reason,
      String use,
      String message,
      String held,
      String near) {}

  /**
   * An advisory that hits the version shown.
   *
   * @param id its identifier
   * @param summary one line
   * @param severity a word, a vector, or empty
   * @param fixed versions with the fix, or empty
   */
  record Warning(String id, String summary, String severity, String fixed) {}

  /**
   * How the version was built, as its provenance says.
   *
   * @param repository address of its sources
   * @param link the same where it may be a link, or empty
   * @param commit full id
   * @param ref git reference of the run
   * @param directory the package's folder in the repository, or empty
   * @param workflow path of the workflow's file
   * @param toolchain version that compiled it
   * @param run address of the run where it may be a link, or empty
   * @param bundle path of the signed statement
   */
  record Build(
      String repository,
      String link,
      String commit,
      String ref,
      String directory,
      String workflow,
      String toolchain,
      String run,
      String bundle) {}

  /**
   * A tag.
   *
   * @param tag its name
   * @param version the version it points to
   */
  record Tag(String tag, String version) {}

  /**
   * Something the bytecode needs.
   *
   * @param name its name
   * @param meaning what that allows
   */
  record Capability(String name, String meaning) {}

  /**
   * A native library.
   *
   * @param module the native module
   * @param target the platform it is for
   * @param size for people
   * @param address of the library
   * @param file its name
   */
  record Native(String module, String target, String size, String address, String file) {}

  /**
   * A dependency.
   *
   * @param name of the package
   * @param alias under which it is imported, or empty if under its name
   * @param range which versions
   * @param optional whether only a feature brings it in
   */
  record Dependency(String name, String alias, String range, boolean optional) {}

  /**
   * A version in the list.
   *
   * @param version SemVer text
   * @param day when it was published
   * @param time the same, RFC 3339
   * @param publisher who published it
   * @param method how: {@code token} or {@code oidc}
   * @param size for people
   * @param yanked whether it is yanked
   * @param deprecated whether it is advised against
   * @param prerelease whether it is a pre-release
   * @param current whether it is the one shown
   */
  record Version(
      String version,
      String day,
      String time,
      String publisher,
      String method,
      String size,
      boolean yanked,
      boolean deprecated,
      boolean prerelease,
      boolean current) {}
}

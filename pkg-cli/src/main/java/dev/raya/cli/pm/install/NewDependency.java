package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import dev.raya.resolver.version.VersionTag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A package to add as the command line names it.
 *
 * @param name the package
 * @param written the range or tag after the {@code @}, or null
 */
public record NewDependency(PackageName name, @Nullable String written) {
  /**
   * Reads {@code PKG}, {@code PKG@RANGE} or {@code PKG@TAG}.
   *
   * @throws CommandException RAYA-PKG-002 if there is no package name in it
   */
  public static NewDependency parse(String word) throws CommandException {
    int at = word.indexOf('@', 1);
    String name = at < 0 ? word : word.substring(0, at);
    String rest = at < 0 || at == word.length() - 1 ? null : word.substring(at + 1);
    try {
      return new NewDependency(PackageName.parse(name), rest);
    } catch (NameException malformed) {
      throw new CommandException(malformed.code(), malformed.text());
    }
  }

  /**
   * The range to write: as given, or a caret range of what the tag, or {@code latest}, points to.
   *
   * @param preReleases whether a pre-release may be latest
   * @throws CommandException RAYA-RES-002 to 004 if there is no such package, tag or version
   * @throws InterruptedException if the thread was interrupted
   */
  public String range(IndexSource index, boolean preReleases)
      throws CommandException, InterruptedException {
    String text = written;
    if (text != null && !VersionTag.isTag(text)) {
      try {
        VersionRange.parse(text);
        return text;
      } catch (VersionException malformed) {
        throw new CommandException(malformed.code(), name + ": " + malformed.text());
      }
    }
    return switch (IndexAnswers.answer(index, name)) {
      case IndexAnswer.Absent(List<PackageName> nearest) ->
          throw new CommandException(ResolutionFailures.noSuchPackage(name, nearest));
      case IndexAnswer.Found(IndexDocument document) ->
          "^" + version(document, text, preReleases).precedence();
    };
  }

  private Version version(IndexDocument document, @Nullable String tag, boolean preReleases)
      throws CommandException {
    List<VersionLine> versions = document.versions();
    if (tag == null && preReleases && !versions.isEmpty()) {
      return versions.getLast().version();
    }
    VersionTag wanted = tag == null ? VersionTag.LATEST : new VersionTag(tag);
    Version version = document.tags().get(wanted);
    if (version != null) {
      return version;
    }
    List<String> known = new ArrayList<>();
    for (VersionTag each : document.tags().keySet()) {
      known.add(each.text());
    }
    if (tag != null) {
      throw new CommandException(
          "RAYA-RES-003",
          name + " has no tag \"" + tag + "\"",
          known.isEmpty() ? "it has no tags" : "it has " + String.join(", ", known));
    }
    throw new CommandException(
        versions.isEmpty() ? "RAYA-RES-003" : "RAYA-RES-004",
        versions.isEmpty()
            ? name + " has no version"
            : "every version of " + name + " is a pre-release or yanked",
        "name a version, or use --pre");
  }
}

package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.install.InstallOutcome;
import dev.raya.cli.pm.install.InstallRequest;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.version.Version;
import dev.raya.toolchain.platform.Target;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of commands that resolve and install, and how they tell what was done. */
final class InstallOptions {
  static final OptionSpec VERIFY =
      OptionSpec.flag("--verify", "hash every cache entry anew, and fetch damaged ones again");
  static final OptionSpec GRANT =
      OptionSpec.list("--grant", "PKG=NAME,…", "allow what a package needs; written to raya.toml");
  static final OptionSpec PRE = OptionSpec.flag("--pre", "take pre-releases like any version");
  static final OptionSpec MINIMAL =
      OptionSpec.flag("--minimal-versions", "try the lowest versions first");
  static final OptionSpec DIRECT_MINIMAL =
      OptionSpec.flag("--direct-minimal", "the lowest of what raya.toml names, else the highest");
  static final OptionSpec PRODUCTION =
      OptionSpec.flag("--production", "fetch nothing that only dev-dependencies bring in");
  static final OptionSpec MIN_AGE =
      OptionSpec.value("--min-release-age", "D", "only versions at least this old, e.g. 3d");
  static final OptionSpec EXCLUDE_NEWER =
      OptionSpec.value("--exclude-newer", "DATE", "only versions published by this date");

  static final OptionSpec ALLOW_QUARANTINED =
      OptionSpec.list(
          "--allow-quarantined", "PKG@V", "take a version that its registry holds back");

  static final OptionSpec STAGE =
      OptionSpec.list("--stage", "ID", "take this staged release, which no index names yet");

  static final OptionSpec TARGET =
      OptionSpec.list("--target", "T", "fetch native libraries for this target, e.g. linux-x64");

  private InstallOptions() {}

  /** The targets that {@code --target} names. */
  static List<Target> targets(Arguments arguments) throws UsageException {
    List<Target> targets = new ArrayList<>();
    for (String value : arguments.values(TARGET.name())) {
      for (String word : value.split(",", -1)) {
        targets.add(
            Target.parse(word)
                .orElseThrow(
                    () ->
                        new UsageException(
                            "there is no target \"" + word + "\"",
                            "there are "
                                + Stream.of(Target.values())
                                    .map(Target::id)
                                    .collect(Collectors.joining(", ")))));
      }
    }
    return targets;
  }

  /** The staged releases that {@code --stage} names. */
  static List<String> stages(Arguments arguments) throws UsageException {
    List<String> ids = arguments.values(STAGE.name());
    for (String id : ids) {
      stage(id);
    }
    return ids;
  }

  /** The id of a staged release, if it is one. */
  static String stage(String id) throws UsageException {
    if (!LockedPackage.isStage(id)) {
      throw new UsageException(
          "--stage is \"" + id + "\"",
          "it takes the id that `raya-pm publish --stage` told, 40 hexadecimal digits");
    }
    return id;
  }

  /** The versions that {@code --allow-quarantined} names, {@code NAME@VERSION}. */
  static List<String> quarantined(Arguments arguments) throws UsageException {
    List<String> versions = new ArrayList<>();
    for (String value : arguments.values(ALLOW_QUARANTINED.name())) {
      int at = value.lastIndexOf('@');
      PackageName name = at < 1 ? null : PackageName.tryParse(value.substring(0, at));
      Version version = at < 1 ? null : Version.tryParse(value.substring(at + 1));
      if (name == null || version == null) {
        throw new UsageException(
            "--allow-quarantined is \"" + value + "\"", "it takes PKG@V, e.g. fmt@1.2.3");
      }
      versions.add(name.text() + '@' + version.precedence());
    }
    return versions;
  }

  /**
   * What the options ask for.
   *
   * @param named packages named on the command line, which a bare {@code --grant NAME} is for
   */
  static InstallRequest request(Arguments arguments, List<PackageName> named)
      throws UsageException {
    return new InstallRequest(
        arguments.flag(VERIFY.name()),
        new InstallRequest.Rules(
            arguments.flag(PRE.name()),
            preference(arguments),
            date(arguments.value(EXCLUDE_NEWER.name())),
            false),
        Set.of(),
        grants(arguments.values(GRANT.name()), named),
        false,
        arguments.flag(PRODUCTION.name()));
  }

  private static Preference preference(Arguments arguments) throws UsageException {
    boolean minimal = arguments.flag(MINIMAL.name());
    boolean direct = arguments.flag(DIRECT_MINIMAL.name());
    if (minimal && direct) {
      throw new UsageException("--minimal-versions and --direct-minimal exclude each other");
    }
    return minimal ? Preference.LOWEST : direct ? Preference.LOWEST_DIRECT : Preference.HIGHEST;
  }

  private static @Nullable Instant date(@Nullable String text) throws UsageException {
    if (text == null) {
      return null;
    }
    try {
      return text.indexOf('T') > 0
          ? Instant.parse(text)
          : LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException malformed) {
      throw new UsageException(
          "--exclude-newer is \"" + text + "\"", "it takes 2026-01-06 or 2026-01-06T12:00:00Z");
    }
  }

  private static Map<PackageName, List<Capability>> grants(
      List<String> values, List<PackageName> named) throws UsageException {
    Map<PackageName, List<Capability>> grants = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      List<Capability> capabilities = capabilities(value.substring(equals + 1));
      if (equals >= 0) {
        PackageName name = PackageName.tryParse(value.substring(0, equals));
        if (name == null) {
          throw new UsageException("--grant " + value + ": no package name before the =");
        }
        add(grants, name, capabilities);
      } else if (named.isEmpty()) {
        throw new UsageException(
            "--grant " + value + " does not say to which package", "write --grant PKG=" + value);
      } else {
        for (PackageName name : named) {
          add(grants, name, capabilities);
        }
      }
    }
    return grants;
  }

  private static void add(
      Map<PackageName, List<Capability>> grants, PackageName name, List<Capability> more) {
    List<Capability> all = new ArrayList<>(grants.getOrDefault(name, List.of()));
    all.addAll(more);
    grants.put(name, all);
  }

  private static List<Capability> capabilities(String text) throws UsageException {
    List<Capability> capabilities = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      Capability capability = Capability.tryParse(word);
      if (capability == null) {
        throw new UsageException(
            "there is no capability \"" + word + "\"",
            "there are " + String.join(", ", Capability.NAMES) + " and native:NAME");
      }
      capabilities.add(capability);
    }
    return capabilities;
  }

  /** Tells what an install came to. */
  static void tell(Console console, InstallOutcome outcome) {
    console.result(
        Json.object()
            .put("packages", outcome.packages())
            .put("fetched", outcome.fetched())
            .put("lockChanged", outcome.lockChanged())
            .put("upToDate", outcome.upToDate())
            .build());
    if (outcome.upToDate() || (outcome.fetched() == 0 && !outcome.lockChanged())) {
      console.line("up to date, " + packages(outcome.packages()));
    } else {
      console.line(
          packages(outcome.packages())
              + ", "
              + outcome.fetched()
              + " fetched"
              + (outcome.lockChanged() ? ", raya.lock written" : ""));
    }
  }

  /** {@code 1 package}, {@code 2 packages}. */
  static String packages(int count) {
    return count == 1 ? "1 package" : count + " packages";
  }
}

package dev.raya.resolver.project;

import dev.raya.resolver.manifest.ManifestReader;
import dev.raya.resolver.metadata.PublishedConstraint;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A project and its registry from a seed: dependencies for use and for development, optional ones,
 * under other names, with features, with and without the default one; overrides for all and for one
 * dependent, constraints, pre-releases, a member or a folder now and then. Both can be edited. No
 * package needs one of a lower number, so that there are no cycles.
 */
final class RandomProject {
  private static final List<String> VERSIONS =
      List.of(
          "0.1.0",
          "0.2.0",
          "1.0.0",
          "1.1.0",
          "1.2.0-rc.1",
          "1.2.0-rc.2",
          "1.2.0",
          "2.0.0",
          "2.1.0-beta.1");
  private static final List<String> LATER = List.of("1.2.1", "1.3.0", "2.1.0", "3.0.0-rc.1");
  private static final List<String> RANGES =
      List.of("^1", "^1", "^1", "^1.1.0", "~1.1", "*", ">=1.1", "^2", "^1 || ^2", "^0.2", "<1.2");
  private static final List<String> OF_PRE_RELEASES =
      List.of("^1.2.0-rc.1", ">=1.2.0-rc.1 <1.2.0", "=1.2.0-rc.2", "^2.1.0-beta.1", "^3.0.0-0");

  /** A feature may switch on those after it. */
  private static final List<String> FEATURES = List.of("default", "extra", "more");

  final MemoryRegistry registry = new MemoryRegistry();

  /** Whether pre-releases match like any other version, which is another command's to say anew. */
  boolean preReleases;

  private final Random random;

  /** Of its own, so that a seed means the same project with what is drawn from it and without. */
  private final SplittableRandom options;

  private final int packages;
  private final boolean aliases;
  private final boolean features;
  private final Map<String, Set<String>> published = new TreeMap<>();
  private final Table root = new Table();
  private final Table folder = new Table();
  private final Map<String, String> overrides = new TreeMap<>();
  private final Map<String, String> constraints = new TreeMap<>();
  private final boolean isMember;
  private final boolean hasFolder;
  private boolean strict;

  /** What a manifest depends on, by alias, and its features. */
  private static final class Table {
    final Map<String, String> dependencies = new TreeMap<>();
    final Map<String, String> development = new TreeMap<>();
    final Set<String> optional = new TreeSet<>();
    boolean hasDefault;
  }

  RandomProject(long seed) throws Exception {
    this.random = new Random(seed);
    this.options = new SplittableRandom(seed);
    this.packages = 3 + random.nextInt(10);
    this.aliases = random.nextInt(3) == 0;
    this.features = random.nextInt(2) == 0;
    boolean always = random.nextInt(12) == 0;
    this.preReleases = always || options.nextInt(4) == 1;
    this.hasFolder = random.nextInt(8) == 0;
    this.isMember = random.nextBoolean();
    for (int p = 0; p < packages; p++) {
      for (String version : VERSIONS) {
        if (random.nextInt(6) > 0) {
          publish(p, version);
        }
      }
    }
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      depend(root, random.nextInt(packages));
    }
    if (hasFolder) {
      depend(folder, random.nextInt(packages));
      depend(folder, random.nextInt(packages));
    }
    if (random.nextInt(5) == 0) {
      editRules();
    }
  }

  private String range() {
    List<String> from = random.nextInt(6) == 0 ? OF_PRE_RELEASES : RANGES;
    return from.get(random.nextInt(from.size()));
  }

  private static String name(int number) {
    return "p" + number;
  }

  private void publish(int number, String version) throws Exception {
    if (!published.computeIfAbsent(name(number), n -> new TreeSet<>()).add(version)) {
      return;
    }
    Map<String, PublishedDependency> dependencies = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0 && number + 1 < packages; i--) {
      PublishedDependency one =
          dependency(number + 1 + random.nextInt(Math.min(5, packages - number - 1)));
      dependencies.put(one.alias().text(), one);
    }
    List<PublishedConstraint> allowed = new ArrayList<>();
    if (random.nextInt(12) == 0) {
      allowed.add(
          new PublishedConstraint(
              PackageName.parse(name(random.nextInt(packages))), VersionRange.parse(range())));
    }
    registry.with(
        name(number),
        Version.parse(version),
        List.copyOf(dependencies.values()),
        allowed,
        features(dependencies));
  }

  private PublishedDependency dependency(int target) throws Exception {
    PackageName name = PackageName.parse(name(target));
    boolean renamed = aliases && random.nextInt(4) == 0;
    return new PublishedDependency(
        renamed ? PackageName.parse("q" + target) : name,
        name,
        VersionRange.parse(range()),
        null,
        features && random.nextInt(4) == 0,
        features && random.nextInt(8) == 0 ? List.of("extra") : List.of(),
        !features || random.nextInt(5) > 0,
        List.of(),
        List.of());
  }

  private Map<String, List<String>> features(Map<String, PublishedDependency> dependencies) {
    Map<String, List<String>> table = new TreeMap<>();
    for (int i = 0; features && i < FEATURES.size(); i++) {
      if (random.nextInt(3) == 0) {
        continue;
      }
      List<String> items = new ArrayList<>();
      for (PublishedDependency each : dependencies.values()) {
        if (each.optional() && random.nextBoolean()) {
          items.add("dep:" + each.alias());
        } else if (random.nextInt(8) == 0) {
          items.add(each.alias() + "/extra");
        }
      }
      table.put(FEATURES.get(i), items);
    }
    // Only what there is may be switched on by another.
    List<String> there = FEATURES.stream().filter(table::containsKey).toList();
    for (int i = 0; i + 1 < there.size(); i++) {
      List<String> items = table.get(there.get(i));
      if (items != null && random.nextInt(3) == 0) {
        items.add(there.get(i + 1));
      }
    }
    return table;
  }

  private void depend(Table table, int target) {
    boolean renamed = aliases && random.nextInt(4) == 0;
    String alias = (renamed ? "q" : "p") + target;
    StringBuilder entry = new StringBuilder("{ version = \"" + range() + '"');
    if (renamed) {
      entry.append(", package = \"").append(name(target)).append('"');
    }
    if (features && random.nextInt(5) == 0) {
      entry.append(", features = [\"extra\"]");
    }
    if (features && random.nextInt(5) == 0) {
      entry.append(", default-features = false");
    }
    boolean development = random.nextInt(5) == 0;
    boolean optional = !development && random.nextInt(6) == 0;
    table.dependencies.remove(alias);
    table.optional.remove(alias);
    if (optional) {
      entry.append(", optional = true");
      table.optional.add(alias);
      table.hasDefault |= random.nextBoolean();
    }
    (development ? table.development : table.dependencies).put(alias, entry + " }");
  }

  /** Another command than the one before, with pre-releases or without them. */
  void nextCommand() {
    if (options.nextInt(preReleases ? 2 : 8) == 0) {
      preReleases = !preReleases;
    }
  }

  /** Edits what the project itself depends on, and nothing else. */
  void editDependencies() {
    boolean optional = !root.optional.isEmpty() || root.hasDefault;
    if (!root.dependencies.isEmpty() && !optional && random.nextBoolean()) {
      List<String> there = List.copyOf(root.dependencies.keySet());
      root.dependencies.remove(there.get(random.nextInt(there.size())));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      depend(root, random.nextInt(packages));
    }
  }

  /** Edits overrides, constraints, or how many versions of a name there may be. */
  void editRules() {
    String name = name(random.nextInt(packages));
    switch (random.nextInt(4)) {
      case 0 -> overrides.put(name, range());
      case 1 -> overrides.put(name(random.nextInt(packages)) + '>' + name, range());
      case 2 -> constraints.put(name, range());
      default -> strict = !strict;
    }
  }

  /** New versions of some packages; others are yanked. */
  void goOn() throws Exception {
    for (int p = 0; p < packages; p++) {
      if (random.nextInt(3) == 0) {
        publish(p, LATER.get(random.nextInt(LATER.size())));
      }
      Set<String> there = published.getOrDefault(name(p), Set.of());
      if (random.nextInt(6) == 0 && !there.isEmpty()) {
        registry.yank(name(p), List.copyOf(there).get(random.nextInt(there.size())));
      }
    }
  }

  /** Some of the packages. */
  Set<String> some() {
    Set<String> some = new TreeSet<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      some.add(name(random.nextInt(packages)));
    }
    return some;
  }

  /** Whether nothing but registries is depended on. */
  boolean isOfRegistriesAlone() {
    return !hasFolder;
  }

  /** What is written outside of the dependencies. */
  String rules() {
    StringBuilder text = new StringBuilder("[resolution]\n");
    text.append("conflict-strategy = \"").append(strict ? "strict" : "relaxed").append("\"\n");
    text.append("[resolution.override]\n");
    overrides.forEach((key, range) -> text.append(line('"' + key + '"', '"' + range + '"')));
    text.append("[constraints]\n");
    constraints.forEach((key, range) -> text.append(line(key, '"' + range + '"')));
    return text.toString();
  }

  private static String line(String key, String value) {
    return key + " = " + value + '\n';
  }

  private static String text(String name, Table table, String more) {
    StringBuilder text = new StringBuilder("[package]\n");
    text.append(line("name", '"' + name + '"')).append(line("version", "\"0.1.0\""));
    text.append("[dependencies]\n").append(more);
    table.dependencies.forEach((alias, entry) -> text.append(line(alias, entry)));
    text.append("[dev-dependencies]\n");
    table.development.forEach((alias, entry) -> text.append(line(alias, entry)));
    text.append("[features]\n");
    List<String> brought = new ArrayList<>();
    for (String alias : table.hasDefault ? table.optional : Set.<String>of()) {
      brought.add("\"dep:" + alias + '"');
    }
    text.append(line("default", "[" + String.join(", ", brought) + "]"));
    return text.toString();
  }

  /** The project's manifest as it is now. */
  String manifest() {
    boolean path = hasFolder && !isMember;
    return text("app", root, path ? "local = { path = \"local\" }\n" : "") + rules();
  }

  /** The manifests as they are now. */
  ProjectManifests manifests() throws Exception {
    ProjectManifests alone = new ProjectManifests(ManifestReader.read("raya.toml", manifest()));
    return !hasFolder
        ? alone
        : new ProjectManifests(
            alone.root(),
            Map.of("local", ManifestReader.read("local/raya.toml", text("local", folder, ""))),
            ForeignSources.NONE,
            isMember ? Set.of("local") : Set.of());
  }
}

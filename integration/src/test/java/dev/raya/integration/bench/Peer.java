package dev.raya.integration.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A package manager: how its project is written, how it is told of its registry, and what its
 * commands are.
 *
 * @param name its name in the tables
 * @param manifest file of the project that names the dependencies
 * @param lock its lockfile, or files
 * @param tree what it installs into the project
 * @param commands by scenario
 * @param environment by registry URL and home
 * @param project writes the project
 */
record Peer(
    String name,
    String manifest,
    List<String> lock,
    List<String> tree,
    Map<Scenario, List<String>> commands,
    Surroundings environment,
    Project project) {

  /** The row of Raya as users start it. */
  static final String RAYA = "raya-pm";

  /** The row of Raya without its native front. */
  static final String ON_JVM = "raya-pm, JVM";

  /** What is timed. */
  enum Scenario {
    COLD("cold"),
    COLD_FAR("cold, 30 ms away"),
    FROZEN_COLD("frozen, empty cache"),
    FROZEN_WARM("frozen, warm cache"),
    NOOP("nothing to do"),
    ADD("add"),
    REMOVE("remove"),
    DISK("ten projects");

    private final String label;

    Scenario(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** The variables of a command. */
  interface Surroundings {
    Map<String, String> of(String registry, Path home);
  }

  /** Writes a project that depends on some packages. */
  interface Project {
    void write(Path folder, List<String> roots, String registry) throws IOException;
  }

  private static Map<Scenario, List<String>> commands(
      List<String> install, List<String> frozen, List<String> add, List<String> remove) {
    Map<Scenario, List<String>> commands = new LinkedHashMap<>();
    commands.put(Scenario.COLD, install);
    commands.put(Scenario.COLD_FAR, install);
    commands.put(Scenario.FROZEN_COLD, frozen);
    commands.put(Scenario.FROZEN_WARM, frozen);
    commands.put(Scenario.NOOP, install);
    commands.put(Scenario.ADD, add);
    commands.put(Scenario.REMOVE, remove);
    commands.put(Scenario.DISK, frozen);
    return commands;
  }

  private static List<String> line(Path program, String... words) {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(words));
    return line;
  }

  static Peer raya(Path program, String removed) {
    return new Peer(
        RAYA,
        "raya.toml",
        List.of("raya.lock"),
        List.of(".raya"),
        commands(
            line(program, "install"),
            line(program, "install", "--frozen"),
            line(program, "add", Universe.EXTRA),
            line(program, "remove", removed)),
        (registry, home) -> Map.of("RAYA_HOME", home.toString(), "RAYA_REGISTRY", registry),
        (folder, roots, registry) -> {
          StringBuilder text =
              new StringBuilder(
                  "[package]\nname = \"app\"\nversion = \"1.0.0\"\n\n[dependencies]\n");
          for (String root : roots) {
            text.append(root).append(" = \"^1.0.0\"\n");
          }
          Files.writeString(folder.resolve("raya.toml"), text);
        });
  }

  /** Raya without its native front: everything is done by the Java machine. */
  static Peer rayaOnJvm(Path program, String removed) {
    Peer plain = raya(program, removed);
    Map<Scenario, List<String>> commands = new LinkedHashMap<>(plain.commands());
    commands.keySet().retainAll(List.of(Scenario.COLD, Scenario.FROZEN_WARM, Scenario.NOOP));
    return new Peer(
        ON_JVM,
        plain.manifest(),
        plain.lock(),
        plain.tree(),
        commands,
        (registry, home) ->
            // The front leaves to the Java machine what any other of Raya's variables may change.
            Map.of(
                "RAYA_HOME", home.toString(), "RAYA_REGISTRY", registry, "RAYA_JAVA_OPTIONS", ""),
        plain.project());
  }

  private static void npmProject(Path folder, List<String> roots, String registry, String rc)
      throws IOException {
    StringBuilder text =
        new StringBuilder("{\"name\":\"app\",\"version\":\"1.0.0\",\"dependencies\":{");
    String comma = "";
    for (String root : roots) {
      text.append(comma).append('"').append(root).append("\":\"^1.0.0\"");
      comma = ",";
    }
    Files.writeString(folder.resolve("package.json"), text.append("}}\n"));
    Files.writeString(folder.resolve(".npmrc"), "registry=" + registry + "/\n" + rc);
  }

  static Peer bun(Path program, String removed) {
    return new Peer(
        "Bun",
        "package.json",
        List.of("bun.lock", ".npmrc"),
        List.of("node_modules"),
        commands(
            line(program, "install"),
            line(program, "install", "--frozen-lockfile"),
            line(program, "add", Universe.EXTRA),
            line(program, "remove", removed)),
        (registry, home) ->
            Map.of(
                "BUN_INSTALL_CACHE_DIR", home.resolve("cache").toString(), "HOME", home.toString()),
        (folder, roots, registry) -> npmProject(folder, roots, registry, ""));
  }

  static Peer pnpm(Path program, String removed) {
    return new Peer(
        "pnpm",
        "package.json",
        List.of("pnpm-lock.yaml", ".npmrc", "pnpm-workspace.yaml"),
        List.of("node_modules"),
        commands(
            line(program, "install", "--no-frozen-lockfile"),
            line(program, "install", "--frozen-lockfile"),
            line(program, "add", Universe.EXTRA),
            line(program, "remove", removed)),
        (registry, home) ->
            Map.of(
                "HOME", home.toString(),
                "XDG_CACHE_HOME", home.resolve("cache").toString(),
                "XDG_DATA_HOME", home.resolve("data").toString(),
                "XDG_STATE_HOME", home.resolve("state").toString(),
                "npm_config_registry", registry + "/"),
        (folder, roots, registry) -> {
          npmProject(folder, roots, registry, "");
          Files.writeString(
              folder.resolve("pnpm-workspace.yaml"),
              "registry: " + registry + "/\nminimumReleaseAge: 0\n");
        });
  }

  static Peer npm(Path program, String removed) {
    String[] quiet = {"--no-audit", "--no-fund", "--loglevel=error"};
    return new Peer(
        "npm",
        "package.json",
        List.of("package-lock.json", ".npmrc"),
        List.of("node_modules"),
        commands(
            line(program, "install", quiet[0], quiet[1], quiet[2]),
            line(program, "ci", quiet[0], quiet[1], quiet[2]),
            line(program, "install", Universe.EXTRA, quiet[0], quiet[1], quiet[2]),
            line(program, "uninstall", removed, quiet[0], quiet[1], quiet[2])),
        (registry, home) -> Map.of("HOME", home.toString(), "npm_config_update_notifier", "false"),
        (folder, roots, registry) -> npmProject(folder, roots, registry, ""));
  }

  static Peer cargo(Path program, String removed) {
    String cargo = "'" + program + "'";
    return new Peer(
        "Cargo",
        "Cargo.toml",
        List.of("Cargo.lock", ".cargo", "src"),
        List.of("target"),
        commands(
            line(program, "fetch", "-q"),
            line(program, "fetch", "-q", "--locked"),
            List.of("sh", "-c", cargo + " add -q " + Universe.EXTRA + " && " + cargo + " fetch -q"),
            List.of("sh", "-c", cargo + " remove -q " + removed + " && " + cargo + " fetch -q")),
        (registry, home) -> Map.of("CARGO_HOME", home.toString()),
        (folder, roots, registry) -> {
          StringBuilder text =
              new StringBuilder(
                  "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\n[dependencies]\n");
          for (String root : roots) {
            text.append(root).append(" = \"1.0.0\"\n");
          }
          Files.writeString(folder.resolve("Cargo.toml"), text);
          Files.createDirectories(folder.resolve("src"));
          Files.writeString(folder.resolve("src/lib.rs"), "");
          Files.createDirectories(folder.resolve(".cargo"));
          Files.writeString(
              folder.resolve(".cargo/config.toml"),
              "[source.crates-io]\nreplace-with = \"bench\"\n[source.bench]\nregistry = \"sparse+"
                  + registry
                  + "/cargo/\"\n");
        });
  }
}

package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.Machine;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.ProjectTemplate;
import dev.raya.cli.pm.project.ProjectTemplate.Kind;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code init [DIR] [--lib|--app|--workspace|--native]}: a project that builds and runs at once.
 */
final class InitCommand implements Command {
  private static final String DIRECTORY = "DIR";
  private static final String LIBRARY = "--lib";
  private static final String APPLICATION = "--app";
  private static final String WORKSPACE = "--workspace";

  private static final String NATIVE = "--native";

  private static final SortedMap<String, Kind> KINDS =
      new TreeMap<>(
          Map.of(
              APPLICATION,
              Kind.APPLICATION,
              LIBRARY,
              Kind.LIBRARY,
              NATIVE,
              Kind.NATIVE,
              WORKSPACE,
              Kind.WORKSPACE));

  private static final String NAME = "--name";
  private static final String FALLBACK_NAME = "my-app";

  static CommandSpec spec() {
    return CommandSpec.named("init", "make a project that builds and runs at once")
        .calledElsewhere("new", "create")
        .positional(DIRECTORY, PositionalSpec.Arity.OPTIONAL, "where; made if missing (default .)")
        .options(
            OptionSpec.flag(APPLICATION, "an application (default)"),
            OptionSpec.flag(LIBRARY, "a library"),
            OptionSpec.flag(WORKSPACE, "several packages with one lockfile"),
            OptionSpec.flag(NATIVE, "a library with a native module in C"),
            OptionSpec.value(NAME, "NAME", "the package's name (default: from the folder)"))
        .example("raya-pm init hello --app", "an application in the folder hello")
        .runs(new InitCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Kind kind = kind(arguments);
    String given = arguments.positional(DIRECTORY);
    if (given != null && given.isBlank()) {
      throw new UsageException("DIR is empty", "leave it out to make the project here");
    }
    Path directory =
        given == null
            ? arguments.environment().directory()
            : arguments.environment().directory().resolve(given).normalize();
    String name = name(arguments.value(NAME), directory);
    ProjectTemplate template =
        new ProjectTemplate(name, kind, Machine.target(arguments.environment()).orElse(null));
    List<String> written = new ArrayList<>();
    try {
      if (Files.exists(directory.resolve(ProjectFolder.MANIFEST))) {
        throw new CommandException(
            "RAYA-PKG-001",
            directory.resolve(ProjectFolder.MANIFEST) + " is already there",
            "init never overwrites a manifest");
      }
      for (Map.Entry<String, String> file : template.files().entrySet()) {
        Path path = directory.resolve(file.getKey());
        if (!Files.exists(path)) {
          AtomicFiles.write(path, file.getValue().getBytes(StandardCharsets.UTF_8));
          written.add(file.getKey());
        }
      }
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
    console.line("made the " + kind.word() + " " + name + " in " + directory);
    if (name.equals(FALLBACK_NAME) && arguments.value(NAME) == null) {
      console.status("note: the folder's name is no package name; --name gives another");
    }
    String to = given == null ? "" : "cd " + given + " && ";
    switch (kind) {
      case APPLICATION -> console.status("next: " + to + "raya-pm run");
      case WORKSPACE -> console.status("next: " + to + "cd packages/app && raya-pm run");
      case NATIVE -> console.status("next: " + to + "sh native/build.sh && raya-pm pack");
      case LIBRARY -> console.status("next: " + to + "raya-pm pack");
    }
    console.result(
        Json.object()
            .put("name", name)
            .put("directory", directory.toString())
            .put("kind", kind.word())
            .put("files", Json.strings(written))
            .build());
    return ExitCode.OK;
  }

  private static Kind kind(Arguments arguments) throws UsageException {
    List<Kind> asked = new ArrayList<>();
    for (Map.Entry<String, Kind> each : KINDS.entrySet()) {
      if (arguments.flag(each.getKey())) {
        asked.add(each.getValue());
      }
    }
    if (asked.size() > 1) {
      throw new UsageException(String.join(", ", KINDS.keySet()) + " exclude each other");
    }
    return asked.isEmpty() ? Kind.APPLICATION : asked.getFirst();
  }

  private static String name(@Nullable String given, Path directory) throws CommandException {
    if (given != null) {
      try {
        return PackageName.parse(given).toString();
      } catch (NameException refused) {
        throw new CommandException(refused.code(), String.valueOf(refused.getMessage()));
      }
    }
    Path last = directory.getFileName();
    String folder = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < folder.length(); i++) {
      char c = folder.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      boolean digit = c >= '0' && c <= '9';
      if (letter || (digit && !name.isEmpty())) {
        name.append(c);
      } else if (!name.isEmpty() && name.charAt(name.length() - 1) != '-') {
        name.append('-');
      }
    }
    while (!name.isEmpty() && name.charAt(name.length() - 1) == '-') {
      name.setLength(name.length() - 1);
    }
    try {
      return PackageName.parse(name.toString()).toString();
    } catch (NameException unusable) {
      return FALLBACK_NAME;
    }
  }
}

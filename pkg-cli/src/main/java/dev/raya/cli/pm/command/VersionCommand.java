package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor;
import dev.raya.resolver.version.Version;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code version [major|minor|patch|V]}: prints the project's version, or sets it. */
final class VersionCommand implements Command {
  private static final String STEP = "major|minor|patch|V";
  private static final List<String> STEPS = List.of("major", "minor", "patch");

  static CommandSpec spec() {
    return CommandSpec.named("version", "print the project's version, or set it")
        .description(
            "A step counts from the three numbers. A pre-release goes to the release it precedes if"
                + " that is what the step asks for.")
        .positional(
            STEP, PositionalSpec.Arity.OPTIONAL, "a step, or the new version; without: print it")
        .example("raya-pm version minor", "1.2.3 becomes 1.3.0")
        .example("raya-pm version 2.0.0-rc.1", "this very version")
        .runs(new VersionCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    ProjectFolder project = ProjectFolder.find(arguments.environment().directory());
    Manifest manifest = Manifests.read(project, console);
    if (manifest.about() == null) {
      throw new CommandException(
          "RAYA-PKG-001", "raya.toml has no [package], so there is no version");
    }
    @Nullable Version present = manifest.version();
    String step = arguments.positional(STEP);
    if (step == null) {
      if (present == null) {
        throw new CommandException(
            "RAYA-PKG-001", "raya.toml gives no version", "`raya-pm version 0.1.0` writes one");
      }
      console.line(present.text());
      console.result(Json.object().put("version", present.text()).build());
      return ExitCode.OK;
    }
    Version next = next(present, step);
    ManifestEditor editor = AddCommand.open(project);
    editor.setVersion(next);
    try {
      AtomicFiles.writeIfChanged(project.manifest(), editor.bytes());
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
    console.line((present == null ? "none" : present.text()) + " -> " + next.text());
    console.result(
        Json.object()
            .put("from", present == null ? new Json.Null() : new Json.Str(present.text()))
            .put("version", next.text())
            .build());
    return ExitCode.OK;
  }

  private static Version next(@Nullable Version present, String step) throws CommandException {
    if (!STEPS.contains(step)) {
      Version given = Version.tryParse(step);
      if (given != null) {
        return given;
      }
      String near = Nearest.of(step, STEPS);
      throw near == null
          ? new UsageException(
              "\"" + step + "\" is neither a step nor a version",
              "write major, minor, patch, or a version such as 1.2.3")
          : new UsageException(
              "\"" + step + "\" is neither a step nor a version", "did you mean " + near + "?");
    }
    if (present == null) {
      throw new UsageException(
          "raya.toml gives no version to step from", "write one: `raya-pm version 0.1.0`");
    }
    return stepped(present, step);
  }

  /** A pre-release already stands before the release that the step would reach. */
  private static Version stepped(Version present, String step) {
    boolean noPatch = present.patch().equals("0");
    boolean noMinor = present.minor().equals("0");
    boolean pre = present.isPreRelease();
    String text =
        switch (step) {
          case "major" ->
              (pre && noMinor && noPatch ? present.major() : plusOne(present.major())) + ".0.0";
          case "minor" ->
              present.major()
                  + "."
                  + (pre && noPatch ? present.minor() : plusOne(present.minor()))
                  + ".0";
          default ->
              present.major()
                  + "."
                  + present.minor()
                  + "."
                  + (pre ? present.patch() : plusOne(present.patch()));
        };
    Version next = Version.tryParse(text);
    if (next == null) {
      throw new IllegalStateException("not a version: " + text);
    }
    return next;
  }

  private static String plusOne(String number) {
    return new BigInteger(number).add(BigInteger.ONE).toString();
  }
}

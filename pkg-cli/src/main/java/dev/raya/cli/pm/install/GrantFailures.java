package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution.MissingGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells which package needs what it may not do, how it got here, and what grants it: the line of
 * the manifest where it counts, and the option where the command has it.
 *
 * @param project what is installed
 * @param command the command's words
 */
record GrantFailures(ProjectFolder project, String command) {
  /** The commands that take {@code --grant} and write what it says into the manifest. */
  private static final Set<String> TAKE_GRANTS = Set.of("add", "install", "lock", "update");

  /** RAYA-SEC-020 for each package. */
  CommandException missing(List<MissingGrant> missing) {
    List<Finding> findings = new ArrayList<>();
    for (MissingGrant each : missing) {
      List<String> notes = new ArrayList<>();
      if (!isExec() || !each.direct()) {
        notes.add("it is here by way of " + path(each.path()));
      }
      String option = "--grant " + each.name() + "=" + list(each.capabilities());
      if (isExec()) {
        notes.add("to allow it for this run, repeat with " + option);
      } else {
        boolean ofWorkspace = project.isMember() && !each.direct();
        String where = ofWorkspace ? "raya.toml of the workspace" : "raya.toml";
        notes.add("to allow it, write into " + where + ": " + line(each));
        notes.add(
            (ofWorkspace
                    ? "or run in the workspace's folder: raya-pm install "
                    : TAKE_GRANTS.contains(command) ? "or repeat with " : "or run raya-pm install ")
                + option);
      }
      findings.add(
          Finding.error(
              "RAYA-SEC-020",
              each.name()
                  + " "
                  + each.version()
                  + " needs "
                  + words(each.capabilities())
                  + ", which nothing grants it",
              notes.toArray(String[]::new)));
    }
    return new CommandException(findings);
  }

  /**
   * Whether a package's program is run without a project: its manifest is the home's own, where a
   * yes would be remembered and nobody would see it.
   */
  boolean isExec() {
    return command.equals("exec");
  }

  /** The question on a terminal. */
  String question(MissingGrant missing) {
    return missing.name()
        + " "
        + missing.version()
        + " needs "
        + words(missing.capabilities())
        + " (by way of "
        + path(missing.path())
        + ").\nAllow it?";
  }

  private static String words(List<Capability> capabilities) {
    List<String> quoted = new ArrayList<>();
    for (Capability each : capabilities) {
      quoted.add("\"" + each.text() + "\"");
    }
    return String.join(", ", quoted);
  }

  private static String list(List<Capability> capabilities) {
    List<String> texts = new ArrayList<>();
    for (Capability each : capabilities) {
      texts.add(each.text());
    }
    return String.join(",", texts);
  }

  private String path(List<PackageName> path) {
    List<String> names = new ArrayList<>(isExec() ? List.of() : List.of("this project"));
    for (PackageName name : path) {
      names.add(name.text());
    }
    return String.join(" -> ", names);
  }

  private static String line(MissingGrant missing) {
    String grant = "[" + words(missing.capabilities()) + "]";
    return missing.direct()
        ? missing.name() + " = { version = \"…\", grant = " + grant + " }"
        : "[grants] " + missing.name() + " = " + grant;
  }
}

package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution.MissingGrant;
import java.util.ArrayList;
import java.util.List;

/** Tells which package needs what it may not do, how it got here, and the line that grants it. */
final class GrantFailures {
  private GrantFailures() {}

  /** RAYA-SEC-020 for each package. */
  static CommandException missing(List<MissingGrant> missing) {
    List<Finding> findings = new ArrayList<>();
    for (MissingGrant each : missing) {
      findings.add(
          Finding.error(
              "RAYA-SEC-020",
              each.name()
                  + " "
                  + each.version()
                  + " needs "
                  + words(each.capabilities())
                  + ", which nothing grants it",
              "it is here by way of " + path(each.path()),
              "to allow it, write into raya.toml: " + line(each),
              "or repeat with --grant " + each.name() + "=" + list(each.capabilities())));
    }
    return new CommandException(findings);
  }

  /** The question on a terminal. */
  static String question(MissingGrant missing) {
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

  private static String path(List<PackageName> path) {
    List<String> names = new ArrayList<>(List.of("this project"));
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

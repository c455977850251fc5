package dev.raya.cli.pm.command;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Nearest;
import dev.raya.resolver.name.PackageName;
import java.util.Collection;
import java.util.List;

/** Tells that a name on the command line is none of the project's packages. */
final class LockedNames {
  private LockedNames() {}

  /** RAYA-RES-002 with the nearest name that would do. */
  static CommandException unknown(String word, Collection<PackageName> known) {
    List<String> names = known.stream().map(PackageName::text).toList();
    String near = Nearest.of(word, names);
    Finding finding = Finding.error("RAYA-RES-002", word + " is not in raya.lock");
    return new CommandException(
        near == null
            ? finding.note("`raya-pm tree` shows what is")
            : finding.note("did you mean " + near + "?"));
  }
}

package dev.raya.cli.pm.command;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.LockedGraph;
import dev.raya.cli.pm.sbom.Bill;
import dev.raya.cli.pm.sbom.BillOfProject;
import dev.raya.cli.pm.sbom.CycloneDx;
import dev.raya.cli.pm.sbom.Spdx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code sbom --format cyclonedx|spdx}: a bill of materials of what is locked, as a bare document.
 */
final class SbomCommand implements Command {
  private static final String FORMAT = "--format";
  private static final String OUT = "--out";
  private static final String PRODUCTION = "--production";
  private static final List<String> FORMATS = List.of("cyclonedx", "spdx");

  static CommandSpec spec() {
    return CommandSpec.named("sbom", "print a bill of materials of what is locked")
        .description(
            "CycloneDX 1.6 or SPDX 2.3, both as JSON. The same lockfile gives the same document.")
        .options(
            OptionSpec.value(FORMAT, "FORMAT", "cyclonedx or spdx").choices(FORMATS),
            OptionSpec.value(OUT, "FILE", "write it there instead").shortName("-o"),
            OptionSpec.flag(PRODUCTION, "without what only dev-dependencies bring in"))
        .example("raya-pm sbom --format cyclonedx -o bom.json", "for a vulnerability scanner")
        .runs(new SbomCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    String format = arguments.value(FORMAT);
    if (format == null || !FORMATS.contains(format)) {
      throw new UsageException(
          format == null ? "sbom needs --format" : "--format is \"" + format + "\"",
          "it takes cyclonedx or spdx");
    }
    try (Session session = Session.of(arguments, console)) {
      LockedGraph graph = LockedGraph.read(arguments.environment().directory(), console);
      Bill bill =
          new BillOfProject(graph, session.cache(), console).bill(arguments.flag(PRODUCTION));
      Json.Obj document = format.equals("spdx") ? Spdx.of(bill) : CycloneDx.of(bill);
      String text = CanonicalJson.text(document) + "\n";
      String out = arguments.value(OUT);
      if (out == null) {
        console.streams().out().print(text);
        console.finishBare();
      } else {
        AtomicFiles.write(
            arguments.environment().directory().resolve(out),
            text.getBytes(StandardCharsets.UTF_8));
        console.line("wrote " + out + ", " + bill.components().size() + " components");
        console.result(
            Json.object().put("file", out).put("components", bill.components().size()).build());
      }
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }
}

package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.publish.SigningKeys;
import dev.raya.cli.pm.verify.WitnessRound;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.log.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code witness}: one round of cosigning a registry's log, for a job that runs now and then. */
final class WitnessCommand {
  private static final String NAME = "--name";
  private static final String STATE = "--state";
  private static final String OUT = "--out";
  private static final String PUSH = "--push";

  private WitnessCommand() {}

  static CommandSpec spec() {
    return CommandSpec.named("witness", "cosign the state of a registry's log")
        .description(
            """
            One round: fetches the log's checkpoint, checks that it begins with the one cosigned
            before, cosigns it and prints it (C2SP tlog-cosignature). The key: RAYA_KEY, [keys]
            default, or the only one there is. Keep what --state names from one round to the next:
            it is what a log that shows two histories is caught by. With --push the registry is
            brought the cosignature and serves it. Its operator names the witness before, by the
            line that --push prints, in trust/witnesses of the registry's data directory.""")
        .options(
            OptionSpec.value(NAME, "NAME", "the witness's name, such as ci.example/witness"),
            OptionSpec.value(STATE, "DIR", "what was cosigned; else in the home"),
            OptionSpec.value(OUT, "FILE", "write the cosigned checkpoint here"),
            OptionSpec.flag(PUSH, "bring it to the registry, whose operator names this witness"))
        .example("raya-pm witness --name ci.example/witness --state witness", "in a CI job")
        .example(
            "raya-pm witness --name ci.example/witness --push", "so that strict clients count it")
        .runs(WitnessCommand::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    String name = arguments.value(NAME);
    if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._/:-]{0,199}")) {
      throw new UsageException(
          "a witness needs a name", "raya-pm witness --name ci.example/witness");
    }
    try (Session session = Offline.refused(Session.of(arguments, console), "witnessing a log")) {
      session.prepareHome();
      PublisherKey key = new SigningKeys(session).chosen();
      if (key == null) {
        throw new CommandException(
            "RAYA-SEC-022", "there is no key to cosign with", "`raya-pm key generate` makes one");
      }
      Registry registry = session.registry();
      Path directory = session.settings().environment().directory();
      String state = arguments.value(STATE);
      WitnessRound round =
          new WitnessRound(
              session.log(registry),
              registry.tiles(),
              NoteSigner.witness(name, key.ed25519()),
              state == null
                  ? session.known().folder(registry.known()).resolve("witness")
                  : directory.resolve(state).toAbsolutePath().normalize(),
              session::now);
      WitnessRound.Cosigned cosigned = round.run();
      String out = arguments.value(OUT);
      if (out == null) {
        console.line(cosigned.note().stripTrailing());
      } else {
        AtomicFiles.writeIfChanged(
            directory.resolve(out), cosigned.note().getBytes(StandardCharsets.UTF_8));
        console.line("cosigned size " + cosigned.checkpoint().size() + " into " + out);
      }
      console.status("verifier key: " + round.verifier().text());
      if (arguments.flag(PUSH)) {
        console.status(
            "for trust/witnesses of the registry: witness " + name + ' ' + round.verifier().text());
        registry.api().bring("witness/add-cosignature", cosigned.note());
        console.status("the registry took the cosignature of size " + cosigned.checkpoint().size());
      }
      console.result(json(round, cosigned, arguments.flag(PUSH)));
      return ExitCode.OK;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  private static Json json(WitnessRound round, WitnessRound.Cosigned cosigned, boolean pushed) {
    return Json.object()
        .put("log", cosigned.checkpoint().origin())
        .put("size", cosigned.checkpoint().size())
        .put("root", cosigned.checkpoint().root().hex())
        .put("before", cosigned.before())
        .put("witness", round.verifier().name())
        .put("verifierKey", round.verifier().text())
        .put("cosignature", cosigned.cosignature().line())
        .put("note", cosigned.note())
        .put("pushed", pushed)
        .build();
  }
}

package dev.raya.cli.pm.conformance;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.ArchiveFolder;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The hidden command; its subcommands end with 0 for accepted and 1 for refused, never else. */
public final class ConformanceCommand {
  private static final String ARCHIVE = "ARCHIVE";
  private static final String FOLDER = "FOLDER";
  private static final int REFUSED = 1;

  /** Longest line of a vector file, in characters. */
  private static final int MAX_LINE = 4 << 20;

  private ConformanceCommand() {}

  /** The declaration. */
  public static CommandSpec spec() {
    return CommandSpec.named("conformance", "answer test vectors")
        .hide()
        .subcommand(SigstoreDoor.spec())
        .subcommand(
            CommandSpec.named("log", "one line out for each line in: accept or reject")
                .runs(ConformanceCommand::log)
                .build())
        .subcommand(
            CommandSpec.named("unpack", "unpack a package's archive into an empty folder")
                .positional(ARCHIVE, PositionalSpec.Arity.ONE, "the archive")
                .positional(FOLDER, PositionalSpec.Arity.ONE, "an empty folder, or none yet")
                .runs(ConformanceCommand::unpack)
                .build())
        .subcommand(TufDoor.spec())
        .build();
  }

  private static int log(Arguments arguments, Console console) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(console.input(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        boolean accepted = line.length() <= MAX_LINE && LogVector.accepts(line);
        console.line(accepted ? "accept" : "reject");
      }
      return ExitCode.OK;
    } catch (IOException unreadable) {
      console.notice(String.valueOf(unreadable.getMessage()));
      return REFUSED;
    }
  }

  private static int unpack(Arguments arguments, Console console) {
    Path directory = arguments.environment().directory();
    try (InputStream archive =
        Files.newInputStream(directory.resolve(arguments.required(ARCHIVE)))) {
      ArchiveFolder.unpackPackage(archive, directory.resolve(arguments.required(FOLDER)));
      return ExitCode.OK;
    } catch (ArchiveException refused) {
      console.notice(refused.code() + ": " + refused.getMessage());
      return REFUSED;
    } catch (IOException failed) {
      console.notice(String.valueOf(failed));
      return REFUSED;
    }
  }
}

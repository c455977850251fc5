package dev.raya.cli.pm.conformance;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.fetch.HttpTufSource;
import dev.raya.cli.pm.fetch.Mirrors;
import dev.raya.cli.pm.fetch.ProxySettings;
import dev.raya.cli.pm.fetch.Transport;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.tuf.TufException;
import dev.raya.tuf.client.TufClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The command line of the TUF conformance suite: init, refresh and download. */
final class TufDoor {
  private static final String WORD = "init|refresh|download";
  private static final String ROOT = "ROOT";
  private static final String METADATA_DIR = "--metadata-dir";
  private static final String METADATA_URL = "--metadata-url";
  private static final String TARGET_NAME = "--target-name";
  private static final String TARGET_DIR = "--target-dir";
  private static final String TARGET_URL = "--target-base-url";
  private static final int REFUSED = 1;

  private TufDoor() {}

  static CommandSpec spec() {
    return CommandSpec.named("tuf", "init, refresh or download from a TUF repository")
        .options(
            OptionSpec.value(METADATA_DIR, "DIR", "where trusted metadata is kept"),
            OptionSpec.value(METADATA_URL, "URL", "where the repository's metadata is"),
            OptionSpec.list(TARGET_NAME, "PATH", "a target to download"),
            OptionSpec.value(TARGET_DIR, "DIR", "where targets are kept"),
            OptionSpec.value(TARGET_URL, "URL", "where the repository's targets are"))
        .positional(WORD, PositionalSpec.Arity.ONE, "what to do")
        .positional(ROOT, PositionalSpec.Arity.OPTIONAL, "the root to trust, for init")
        .runs(TufDoor::run)
        .build();
  }

  private static int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    try {
      Path directory = arguments.environment().directory();
      Path folder = directory.resolve(given(arguments.value(METADATA_DIR), METADATA_DIR));
      switch (arguments.required(WORD)) {
        case "init" ->
            TufClient.init(
                folder,
                Files.readAllBytes(directory.resolve(given(arguments.positional(ROOT), ROOT))));
        case "refresh" -> online(arguments, console, folder, List.of());
        case "download" -> online(arguments, console, folder, arguments.values(TARGET_NAME));
        default -> throw new IllegalArgumentException("expected " + WORD);
      }
      return ExitCode.OK;
    } catch (TufException refused) {
      console.notice(refused.code() + ": " + refused.getMessage());
      return REFUSED;
    } catch (IOException | IllegalArgumentException failed) {
      console.notice(String.valueOf(failed.getMessage()));
      return REFUSED;
    }
  }

  private static void online(
      Arguments arguments, Console console, Path folder, List<String> targets)
      throws CommandException, InterruptedException, IOException, TufException {
    Settings settings = Settings.of(arguments);
    URI metadata = URI.create(given(arguments.value(METADATA_URL), METADATA_URL));
    String base = arguments.value(TARGET_URL);
    try (Transport transport =
        new Transport(
            settings.network(),
            ProxySettings.of(settings.environment(), settings.user()),
            Mirrors.NONE,
            console::status,
            new Random())) {
      HttpTufSource source =
          new HttpTufSource(transport, metadata, base == null ? metadata : URI.create(base));
      TufClient client = new TufClient(folder, source, settings.environment().clock().instant());
      client.refresh();
      for (String target : targets) {
        Path into = arguments.environment().directory();
        client.download(target, into.resolve(given(arguments.value(TARGET_DIR), TARGET_DIR)));
      }
    }
  }

  private static String given(@Nullable String value, String name) {
    if (value == null) {
      throw new IllegalArgumentException("expected " + name);
    }
    return value;
  }
}

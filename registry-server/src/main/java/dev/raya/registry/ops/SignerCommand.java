package dev.raya.registry.ops;

import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.signer.SignerServer;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * {@code signer}: the process with the online keys, which {@code start} begins by itself. It lives
 * as long as its standard input is open, so it never outlives the server, however that ends.
 */
final class SignerCommand {
  private final InstantSource clock;

  SignerCommand(InstantSource clock) {
    this.clock = clock;
  }

  int run(Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException {
    DataDirectory directory = CommandLine.directory(arguments);
    Path socket = Path.of(arguments.required("socket"));
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    HeldKeys keys = HeldKeys.open(directory, directory.origin(), clock);
    try (SignerServer _ = SignerServer.listen(keys, socket)) {
      InputStream parent = System.in;
      while (parent.read() >= 0) {
        continue;
      }
    }
    return 0;
  }
}

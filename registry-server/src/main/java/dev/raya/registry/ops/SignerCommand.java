package dev.raya.registry.ops;

import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.signer.HeldWitness;
import dev.raya.registry.signer.SignerServer;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * {@code signer} and {@code local-witness}: the process with the online keys and that with the
 * witness's, which {@code start} begins by itself. They live as long as their standard input is
 * open, so they never outlive the server, however that ends.
 */
final class SignerCommand {
  private final InstantSource clock;

  SignerCommand(InstantSource clock) {
    this.clock = clock;
  }

  int signer(Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException {
    DataDirectory directory = directory(arguments);
    HeldKeys keys = HeldKeys.open(directory, directory.origin(), clock);
    return serve(SignerServer.listen(keys, socket(arguments)));
  }

  int witness(Arguments arguments)
      throws UsageException, CommandException, StorageException, IOException {
    DataDirectory directory = directory(arguments);
    HeldWitness witness = HeldWitness.open(directory, directory.origin(), clock);
    return serve(SignerServer.listen(witness, socket(arguments)));
  }

  private static DataDirectory directory(Arguments arguments)
      throws UsageException, CommandException {
    DataDirectory directory = CommandLine.directory(arguments);
    if (!directory.exists()) {
      throw new CommandException(1, "there is no registry in " + directory.root());
    }
    return directory;
  }

  private static Path socket(Arguments arguments) throws UsageException {
    return Path.of(arguments.required("socket"));
  }

  private static int serve(SignerServer server) throws IOException {
    try (server) {
      InputStream parent = System.in;
      while (parent.read() >= 0) {
        continue;
      }
    }
    return 0;
  }
}

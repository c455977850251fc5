package dev.raya.registry.ops;

import dev.raya.cache.disk.Directories;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.signer.HeldKeys;
import dev.raya.registry.signer.HeldWitness;
import dev.raya.registry.signer.SignerServer;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The database and data directory of the one application that all tests share. */
public final class RunningRegistry implements QuarkusTestResourceLifecycleManager {
  /** Origin of the registry under test. */
  public static final String ORIGIN = "https://registry.example";

  private @Nullable EmbeddedPostgres postgres;
  private @Nullable SignerServer signer;
  private @Nullable SignerServer witness;

  @Override
  public Map<String, String> start() {
    Path root = Path.of("target", "registry-under-test").toAbsolutePath();
    try {
      Directories.delete(root);
      Files.createDirectories(root);
      DataDirectory directory = new DataDirectory(root).create();
      SecureRandom random = new SecureRandom();
      EmbeddedPostgres started = EmbeddedPostgres.start(directory, random);
      postgres = started;
      RegistryRoot.ceremony(directory, random, InstantSource.system());
      directory.fixOrigin(ORIGIN);
      Path socket = directory.signer().resolve("socket");
      signer =
          SignerServer.listen(HeldKeys.open(directory, ORIGIN, InstantSource.system()), socket);
      Path witnessSocket = directory.witness().resolve("socket");
      witness =
          SignerServer.listen(
              HeldWitness.open(directory, ORIGIN, InstantSource.system()), witnessSocket);
      return Map.of(
          RegistrySettings.SIGNER,
          socket.toString(),
          RegistrySettings.WITNESS,
          witnessSocket.toString(),
          RegistrySettings.DATA_DIRECTORY,
          root.toString(),
          RegistrySettings.ORIGIN,
          ORIGIN,
          "quarkus.datasource.jdbc.url",
          started.address().jdbcUrl(),
          "quarkus.datasource.username",
          String.valueOf(started.address().user()),
          "quarkus.datasource.password",
          String.valueOf(started.address().password()));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    try {
      if (signer != null) {
        signer.close();
      }
      if (witness != null) {
        witness.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (postgres != null) {
      postgres.close();
    }
  }

  /** The data directory under test. */
  public static DataDirectory directory() throws IOException {
    return new DataDirectory(Path.of("target", "registry-under-test"));
  }
}

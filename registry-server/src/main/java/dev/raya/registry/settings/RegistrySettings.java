package dev.raya.registry.settings;

import dev.raya.registry.storage.DataDirectory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the command line decided, for the running application. */
@ApplicationScoped
public class RegistrySettings {
  /** Property with the data directory. */
  public static final String DATA_DIRECTORY = "raya.registry.data-dir";

  /** Property with the registry's own name. */
  public static final String ORIGIN = "raya.registry.origin";

  /** Property with the path of the signer's socket. */
  public static final String SIGNER = "raya.registry.signer";

  /** Property with the path of the witness's socket. */
  public static final String WITNESS = "raya.registry.witness";

  private final DataDirectory directory;
  private final Path signer;
  private final Path witness;
  private final String origin;

  /** Takes the properties. */
  @Inject
  public RegistrySettings(
      @ConfigProperty(name = DATA_DIRECTORY) String directory,
      @ConfigProperty(name = ORIGIN) String origin,
      @ConfigProperty(name = SIGNER) String signer,
      @ConfigProperty(name = WITNESS) String witness) {
    this.witness = Path.of(witness);
    this.signer = Path.of(signer);
    this.directory = new DataDirectory(Path.of(directory));
    this.origin = origin;
  }

  /** Where everything is kept. */
  public DataDirectory directory() {
    return directory;
  }

  /** The socket on which the process with the online keys listens. */
  public Path signer() {
    return signer;
  }

  /** The socket on which the witness's process listens. */
  public Path witness() {
    return witness;
  }

  /** The registry's own name for itself: a URL without a trailing slash. */
  public String origin() {
    return origin;
  }
}

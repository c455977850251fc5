package dev.raya.registry.trust;

import dev.raya.registry.http.StaticFiles;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.DirectoryMetadata;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OnlineRepository;
import dev.raya.tuf.repository.OnlineSigner;
import dev.raya.tuf.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;

/**
 * The registry's TUF repository, as the log's leader keeps it: what index documents and advisories
 * it names, and that nothing in it grows old. Used by the leader alone, one call at a time.
 */
@ApplicationScoped
public class TrustRepository {
  private static final System.Logger LOG = System.getLogger(TrustRepository.class.getName());
  private static final String TIMESTAMP = "/tuf/timestamp.json";

  private final RegistrySettings settings;
  private final StaticTree tree;
  private final StaticFiles served;
  private final TrustKeys keys;
  private final OfflineRenewal offline;
  private final OnlineRepository online;

  @Inject
  TrustRepository(
      RegistrySettings settings,
      StaticTree tree,
      StaticFiles served,
      OnlineSigner signer,
      InstantSource clock) {
    this.settings = settings;
    this.tree = tree;
    this.served = served;
    MetadataFiles files = new DirectoryMetadata(settings.directory().tree().resolve("tuf"));
    this.keys = new TrustKeys(settings.directory());
    this.offline = new OfflineRenewal(files, keys, clock);
    this.online = new OnlineRepository(files, signer, clock);
  }

  /**
   * Makes what is missing and renews what is half over.
   *
   * @return whether the repository was made now, so that it names no index document yet
   * @throws StorageException if an offline role can be neither made nor used
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if files cannot be written or the signer gives no answer
   */
  public boolean refresh() throws StorageException, TufException, IOException {
    SortedMap<String, Long> versions = offline.renew(targets());
    boolean fresh = online.refresh(versions);
    online.prune();
    served.forget(TIMESTAMP);
    return fresh;
  }

  /** The files below {@code trust/}, written; those that are signed now if they cannot be made. */
  private Map<String, Role.TargetFile> targets()
      throws StorageException, TufException, IOException {
    Map<String, byte[]> files;
    try {
      files = TrustFiles.of(settings.directory(), keys, settings.origin());
    } catch (StorageException.OperatorFile e) {
      Map<String, Role.TargetFile> signed = offline.named();
      if (signed.isEmpty()) {
        throw e;
      }
      // A slip of the operator's pen does not stop the log; what was signed last goes on.
      LOG.log(
          System.Logger.Level.ERROR,
          "files below trust stay as they were signed last: {0}",
          String.valueOf(e.getMessage()));
      return signed;
    }
    Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      // Before the metadata that names it.
      TrustFiles.write(tree, file.getKey(), file.getValue());
      targets.put(file.getKey(), TrustFiles.target(file.getValue()));
    }
    return targets;
  }

  /**
   * Names index documents, whose files are there.
   *
   * @param documents target path to file
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if files cannot be written or the signer gives no answer
   */
  public void publish(Map<String, Role.TargetFile> documents) throws TufException, IOException {
    online.publish(documents);
    served.forget(TIMESTAMP);
  }

  /**
   * Names the files of the advisories role, which are there.
   *
   * @param files target path to file; all of them
   * @throws TufException if the signer refuses or a file is damaged
   * @throws IOException if files cannot be written or the signer gives no answer
   */
  public void advisories(Map<String, Role.TargetFile> files) throws TufException, IOException {
    online.advisories(files);
    served.forget(TIMESTAMP);
  }
}

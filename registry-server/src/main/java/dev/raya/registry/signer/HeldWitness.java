package dev.raya.registry.signer;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.LogNames;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.registry.trust.WitnessFolders;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.Witness;
import dev.raya.signing.witness.WitnessException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/** The witness's keys themselves, in the witness's process, each with a memory of its own. */
public final class HeldWitness implements LocalWitness {
  private final Witness local;
  private final Witness others;
  private final NoteKey log;
  private final DataDirectory directory;

  private HeldWitness(Witness local, Witness others, NoteKey log, DataDirectory directory) {
    this.local = local;
    this.others = others;
    this.log = log;
    this.directory = directory;
  }

  /**
   * Reads keys and memory of a data directory.
   *
   * @param origin the registry's own name
   * @throws StorageException if keys are missing or damaged
   * @throws IOException if they cannot be read
   */
  public static HeldWitness open(DataDirectory directory, String origin, InstantSource clock)
      throws StorageException, IOException {
    TrustKeys keys = new TrustKeys(directory);
    WitnessFolders folders = new WitnessFolders(directory);
    return new HeldWitness(
        new Witness(
            NoteSigner.witness(LogNames.witness(origin), keys.witness()),
            new DirectoryTileStore(folders.localMemory()),
            clock),
        new Witness(
            NoteSigner.witness(LogNames.cosigner(origin), keys.cosigner()),
            new DirectoryTileStore(folders.othersMemory()),
            clock),
        NoteKey.of(LogNames.log(origin), keys.logPublic(), NoteKey.Type.ED25519),
        directory);
  }

  @Override
  public long cosignedSize() throws SigningException, IOException {
    return local.last(log.name()).size();
  }

  @Override
  public String cosignOwn(AddCheckpoint request)
      throws WitnessException, SigningException, IOException {
    return local.add(request, List.of(log)).line();
  }

  @Override
  public String cosign(AddCheckpoint request)
      throws WitnessException, SigningException, IOException {
    return others.add(request, WitnessedLogs.read(directory)).line();
  }
}

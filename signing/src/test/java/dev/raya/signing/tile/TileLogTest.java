package dev.raya.signing.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TileLogTest {
  private static final String ORIGIN = "log.example";

  /** Files in memory; a write may end after any number of files. */
  private static final class MemoryStore implements TileStore {
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private int left = Integer.MAX_VALUE;

    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path));
    }

    @Override
    public void write(Map<String, byte[]> written) throws IOException {
      for (Map.Entry<String, byte[]> file : written.entrySet()) {
        spend();
        files.put(file.getKey(), file.getValue());
      }
    }

    @Override
    public void deleteFolder(String path) throws IOException {
      for (String file : List.copyOf(files.keySet())) {
        if (file.startsWith(path + '/')) {
          spend();
          files.remove(file);
        }
      }
    }

    private void spend() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the machine stopped here");
      }
    }
  }

  private static byte[] entry(long index) {
    return ("entry " + index).getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> entries(long from, long to) {
    List<byte[]> list = new ArrayList<>();
    for (long i = from; i < to; i++) {
      list.add(entry(i));
    }
    return list;
  }

  private static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  @Test
  void everyEntryIsProvedAndEveryTreeBeginsWithTheFormerOnes() throws Exception {
    MemoryStore store = new MemoryStore();
    TileLog log = TileLog.open(store, TreeHead.EMPTY);
    Random random = new Random(7);
    List<TreeHead> heads = new ArrayList<>(List.of(TreeHead.EMPTY));
    while (log.size() < 1_400) {
      long from = log.size();
      TreeHead head = log.append(entries(from, from + 1 + random.nextInt(90)));
      log.publish(head.root() + "\n");
      TileTree tree = new TileTree(store, head.size());
      tree.requireRoot(head.root());
      for (TreeHead former : heads) {
        assertThat(
                MerkleProofs.consistent(
                    former.size(),
                    head.size(),
                    former.root(),
                    head.root(),
                    tree.consistency(former.size())))
            .isTrue();
      }
      for (long index = from / 2; index < head.size(); index += 1 + random.nextInt(20)) {
        Digest leaf = MerkleProofs.leafHash(entry(index));
        assertThat(tree.leaf(index)).isEqualTo(leaf);
        assertThat(
                MerkleProofs.includes(index, head.size(), leaf, tree.inclusion(index), head.root()))
            .isTrue();
      }
      heads.add(head);
    }
    // Larger than one tile of the second level: the edge has three levels.
    TreeHead large = log.append(entries(log.size(), 66_000));
    TileTree tree = new TileTree(store, large.size());
    tree.requireRoot(large.root());
    assertThat(
            MerkleProofs.includes(
                65_999,
                66_000,
                MerkleProofs.leafHash(entry(65_999)),
                tree.inclusion(65_999),
                large.root()))
        .isTrue();
    assertThat(TileLog.open(store, large).head()).isEqualTo(large);
    assertThat(TileLog.entries(store, 1, 3)).hasSize(3);
    assertThat(TileLog.entries(store, 1, 3).getLast()).isEqualTo(entry(258));
    assertThat(store.files.keySet()).noneMatch(path -> path.startsWith("tile/0/001.p"));
  }

  @Test
  void aWriterThatStopsAnywhereIsOpenedAtTheLastCheckpointAndGoesOn() throws Exception {
    MemoryStore whole = new MemoryStore();
    run(whole, 700);
    Digest expected = TileLog.open(whole, head(whole)).head().root();
    for (int steps = 0; ; steps++) {
      MemoryStore store = new MemoryStore();
      store.left = steps;
      boolean ended = true;
      try {
        run(store, 700);
      } catch (IOException stopped) {
        ended = false;
      }
      store.left = Integer.MAX_VALUE;
      TreeHead before = head(store);
      new TileTree(store, before.size()).requireRoot(before.root());
      run(store, 700);
      assertThat(head(store)).isEqualTo(new TreeHead(700, expected));
      assertThat(new TileTree(store, 700).leaf(699)).isEqualTo(MerkleProofs.leafHash(entry(699)));
      if (ended) {
        assertThat(steps).isGreaterThan(50);
        return;
      }
    }
  }

  /** Appends up to a size from wherever the checkpoint is, 37 entries at a time. */
  private static void run(MemoryStore store, long size) throws Exception {
    TileLog log = TileLog.open(store, head(store));
    while (log.size() < size) {
      TreeHead head = log.append(entries(log.size(), Math.min(size, log.size() + 37)));
      log.publish(new Checkpoint(ORIGIN, head.size(), head.root(), List.of()).text());
    }
  }

  private static TreeHead head(MemoryStore store) throws SigningException {
    byte[] note = store.files.get(TileLog.CHECKPOINT);
    if (note == null) {
      return TreeHead.EMPTY;
    }
    Checkpoint checkpoint = Checkpoint.parse(new String(note, StandardCharsets.UTF_8));
    return new TreeHead(checkpoint.size(), checkpoint.root());
  }

  @Test
  void aFolderHoldsTheSameFilesAndAChangedTileIsFound(@TempDir Path folder) throws Exception {
    DirectoryTileStore store = new DirectoryTileStore(folder.resolve("log"));
    TileLog log = TileLog.open(store, TreeHead.EMPTY);
    log.append(entries(0, 300));
    TreeHead head = log.append(entries(300, 600));
    log.publish("x\n");
    MemoryStore memory = new MemoryStore();
    TileLog.open(memory, TreeHead.EMPTY).append(entries(0, 600));
    for (Map.Entry<String, byte[]> file : memory.files.entrySet()) {
      assertThat(store.read(file.getKey())).as(file.getKey()).contains(file.getValue());
    }
    // A reader of the checkpoint of size 300 finds the full tile where the partial one was.
    assertThat(store.read("tile/0/001.p/44")).isEmpty();
    TreeHead former = TileLog.open(new MemoryStore(), TreeHead.EMPTY).append(entries(0, 300));
    new TileTree(store, 300).requireRoot(former.root());
    byte[] tile = store.read("tile/0/000").orElseThrow();
    tile[100] ^= 1;
    store.write(Map.of("tile/0/000", tile));
    assertThatThrownBy(
            () -> {
              TileTree tree = new TileTree(store, 600);
              tree.requireRoot(head.root());
              Digest leaf = MerkleProofs.leafHash(entry(7));
              if (!MerkleProofs.includes(7, 600, leaf, tree.inclusion(7), head.root())) {
                throw TileTree.refused("changed");
              }
            })
        .isInstanceOf(SigningException.class);
    assertThatThrownBy(() -> TileLog.open(store, new TreeHead(600, head(memory).root())))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("expected");
    assertThatThrownBy(() -> TileLog.open(store, new TreeHead(5_000, head.root())))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("there is no tile/");
  }

  @Test
  void pathsAreThoseOfTheSpecification() {
    assertThat(new TilePath(0, 1_234_067, 256).text()).isEqualTo("tile/0/x001/x234/067");
    assertThat(new TilePath(TilePath.ENTRIES, 7, 9).text()).isEqualTo("tile/entries/007.p/9");
    assertThat(TilePath.tryParse("tile/0/x001/x234/067"))
        .isEqualTo(new TilePath(0, 1_234_067, 256));
    assertThat(TilePath.tryParse("tile/entries/x001/234.p/255"))
        .isEqualTo(new TilePath(TilePath.ENTRIES, 1_234, 255));
    for (String wrong :
        List.of(
            "tile/8/000",
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/0/000.p/256",
            "tile/0/000.p/0",
            "tile/0/000.p/01",
            "tile/0/x000/001",
            "tile/0/x001/x002",
            "tile/0/001/002",
            "tile/-1/000",
            "tile/0/../000",
            "tile/entries/00a",
            "tile/0/000/",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999")) {
      assertThat(TilePath.tryParse(wrong)).as(wrong).isNull();
    }
  }

  @Test
  void aSignedAndCosignedCheckpointSatisfiesItsPolicyAndAnotherDoesNot() throws Exception {
    MemoryStore store = new MemoryStore();
    TreeHead head = TileLog.open(store, TreeHead.EMPTY).append(entries(0, 300));
    NoteSigner signer = NoteSigner.log(ORIGIN, key(1));
    NoteSigner witness = NoteSigner.witness("witness.example", key(2));
    String text = new Checkpoint(ORIGIN, head.size(), head.root(), List.of()).text();
    Instant now = Instant.parse("2026-06-01T00:00:00Z");
    SignedNote signed = new SignedNote(text, List.of(signer.sign(text, now)));
    SignedNote cosigned = signed.with(witness.sign(text, now));
    LogPolicy policy =
        LogPolicy.parse(
            "log "
                + signer.verifier().text()
                + "\nwitness local "
                + witness.verifier().text()
                + "\nquorum local\n");
    List<Digest> path = new TileTree(store, 300).inclusion(299);
    Digest leaf = MerkleProofs.leafHash(entry(299));
    LogProof proof = LogProof.parse(new LogProof(299, path, cosigned.document()).text());
    assertThat(proof.verify(leaf, policy).size()).isEqualTo(300);
    assertThatThrownBy(() -> new LogProof(299, path, signed.document()).verify(leaf, policy))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("cosigned by 0 of 1");
    assertThatThrownBy(() -> proof.verify(MerkleProofs.leafHash(entry(298)), policy))
        .isInstanceOf(SigningException.class);
  }
}

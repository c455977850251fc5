package dev.raya.signing.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.WitnessException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A witness and a log's signer follow one history, across restarts, and refuse a second one. */
final class WitnessTest {
  private static final String ORIGIN = "log.example";
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final NoteSigner LOG = NoteSigner.log(ORIGIN, key(1));
  private static final NoteSigner WITNESS = NoteSigner.witness("witness.example", key(2));
  private static final List<NoteKey> KNOWN = List.of(LOG.verifier());

  @TempDir private Path home = Path.of("");

  private static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  /** One history of a log: its tree at any size. */
  private static final class History {
    private final DirectoryTileStore store;
    private final TileLog log;
    private final String name;

    History(Path folder, String name) throws Exception {
      this.store = new DirectoryTileStore(folder.resolve(name));
      this.log = TileLog.open(store, TreeHead.EMPTY);
      this.name = name;
    }

    TreeHead grow(long size) throws Exception {
      List<byte[]> entries = new ArrayList<>();
      for (long i = log.size(); i < size; i++) {
        entries.add((name + ' ' + i).getBytes(StandardCharsets.UTF_8));
      }
      return log.append(entries);
    }

    List<Digest> from(long size) throws Exception {
      return new TileTree(store, log.size()).consistency(size);
    }
  }

  private static String signed(NoteSigner log, TreeHead head) {
    String text = new Checkpoint(log.verifier().name(), head.size(), head.root(), List.of()).text();
    return new SignedNote(text, List.of(log.sign(text, NOW))).document();
  }

  private Witness witness() {
    return new Witness(
        WITNESS, new DirectoryTileStore(home.resolve("memory")), InstantSource.fixed(NOW));
  }

  private static WitnessException refused(
      Witness witness, long old, List<Digest> proof, String checkpoint, Reason reason) {
    AddCheckpoint request = new AddCheckpoint(old, proof, checkpoint);
    WitnessException refusal =
        catchThrowableOfType(WitnessException.class, () -> witness.add(request, KNOWN));
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    return refusal;
  }

  @Test
  void everyProvedGrowthIsCosignedAndRememberedAcrossRestarts() throws Exception {
    History history = new History(home, "one");
    long last = 0;
    for (long size : List.of(3L, 4L, 300L, 301L)) {
      TreeHead head = history.grow(size);
      List<Digest> proof = last == 0 ? List.of() : history.from(last);
      String checkpoint = signed(LOG, head);
      Witness restarted = witness();
      assertThat(restarted.last(ORIGIN).size()).isEqualTo(last);
      NoteSignature cosignature = restarted.add(new AddCheckpoint(last, proof, checkpoint), KNOWN);
      SignedNote cosigned =
          SignedNote.parse(checkpoint.getBytes(StandardCharsets.UTF_8)).with(cosignature);
      assertThat(cosigned.requireSigner(List.of(restarted.verifier())))
          .containsExactly(WITNESS.verifier());
      assertThat(ByteBuffer.wrap(cosignature.bytes()).getLong()).isEqualTo(NOW.getEpochSecond());
      assertThat(restarted.last(ORIGIN)).isEqualTo(head);
      last = size;
    }
    // The same tree once more needs no proof.
    TreeHead head = witness().last(ORIGIN);
    witness().add(new AddCheckpoint(last, List.of(), signed(LOG, head)), KNOWN);
    assertThat(witness().last(ORIGIN)).isEqualTo(head);
  }

  @Test
  void aSecondHistoryIsNeverCosigned() throws Exception {
    History history = new History(home, "one");
    History other = new History(home, "other");
    TreeHead five = history.grow(5);
    TreeHead otherFive = other.grow(5);
    Witness witness = witness();
    witness.add(new AddCheckpoint(0, List.of(), signed(LOG, five)), KNOWN);
    refused(witness, 5, List.of(), signed(LOG, otherFive), Reason.CONFLICT);
    TreeHead nine = history.grow(9);
    TreeHead otherNine = other.grow(9);
    List<Digest> proof = history.from(5);
    refused(witness, 5, other.from(5), signed(LOG, otherNine), Reason.NOT_CONSISTENT);
    refused(witness, 5, proof, signed(LOG, otherNine), Reason.NOT_CONSISTENT);
    refused(witness, 5, List.of(), signed(LOG, nine), Reason.NOT_CONSISTENT);
    refused(witness, 5, proof.reversed(), signed(LOG, nine), Reason.NOT_CONSISTENT);
    refused(
        witness, 5, proof.subList(0, proof.size() - 1), signed(LOG, nine), Reason.NOT_CONSISTENT);
    assertThat(witness.last(ORIGIN)).isEqualTo(five);
    witness.add(new AddCheckpoint(5, proof, signed(LOG, nine)), KNOWN);
    assertThat(witness.last(ORIGIN)).isEqualTo(nine);
  }

  @Test
  void whoKnowsAnotherSizeIsToldTheOneThatWasCosignedLast() throws Exception {
    History history = new History(home, "one");
    TreeHead two = history.grow(2);
    TreeHead six = history.grow(6);
    Witness witness = witness();
    witness.add(new AddCheckpoint(0, List.of(), signed(LOG, six)), KNOWN);
    WitnessException early = refused(witness, 0, List.of(), signed(LOG, six), Reason.CONFLICT);
    assertThat(early.size()).isEqualTo(6);
    assertThat(early.reason().status()).isEqualTo(409);
    assertThat(refused(witness, 2, List.of(), signed(LOG, two), Reason.CONFLICT).size())
        .isEqualTo(6);
    assertThat(refused(witness, 6, List.of(), signed(LOG, two), Reason.MALFORMED).size())
        .isEqualTo(6);
    TreeHead eight = history.grow(8);
    refused(witness, 2, history.from(2), signed(LOG, eight), Reason.CONFLICT);
    assertThat(witness.last(ORIGIN)).isEqualTo(six);
  }

  @Test
  void onlyCheckpointsThatAKnownLogSignedAreLookedAt() throws Exception {
    TreeHead head = new History(home, "one").grow(3);
    Witness witness = witness();
    NoteSigner stranger = NoteSigner.log("stranger.example", key(3));
    assertThat(
            refused(witness, 0, List.of(), signed(stranger, head), Reason.UNKNOWN_LOG)
                .reason()
                .status())
        .isEqualTo(404);
    NoteSigner impostor = NoteSigner.log(ORIGIN, key(3));
    assertThat(
            refused(witness, 0, List.of(), signed(impostor, head), Reason.NOT_SIGNED)
                .reason()
                .status())
        .isEqualTo(403);
    // The known key's signature, over another text.
    String changed = signed(LOG, head).replace("\n3\n", "\n4\n");
    refused(witness, 0, List.of(), changed, Reason.NOT_SIGNED);
    for (String malformed :
        List.of("", "no note", "text\n\n", signed(LOG, head).replace("\n3\n", "\n03\n"))) {
      assertThat(refused(witness, 0, List.of(), malformed, Reason.MALFORMED).reason().status())
          .isEqualTo(400);
    }
    assertThat(witness.last(ORIGIN)).isEqualTo(TreeHead.EMPTY);
    assertThat(witness.last("stranger.example")).isEqualTo(TreeHead.EMPTY);
  }

  @Test
  void logsAreFollowedEachByItselfAndADamagedMemoryStopsTheWitness() throws Exception {
    NoteSigner second = NoteSigner.log("second.example", key(4));
    List<NoteKey> both = List.of(LOG.verifier(), second.verifier());
    TreeHead three = new History(home, "one").grow(3);
    TreeHead seven = new History(home, "two").grow(7);
    Witness witness = witness();
    witness.add(new AddCheckpoint(0, List.of(), signed(LOG, three)), both);
    witness.add(new AddCheckpoint(0, List.of(), signed(second, seven)), both);
    assertThat(witness.last(ORIGIN)).isEqualTo(three);
    assertThat(witness.last("second.example")).isEqualTo(seven);
    Path memory = home.resolve("memory");
    Path own = memory.resolve(Digest.of(ORIGIN.getBytes(StandardCharsets.UTF_8)).hex());
    Path others =
        memory.resolve(Digest.of("second.example".getBytes(StandardCharsets.UTF_8)).hex());
    Files.write(own, Files.readAllBytes(others));
    AddCheckpoint again = new AddCheckpoint(3, List.of(), signed(LOG, three));
    assertThatThrownBy(() -> witness.add(again, both))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("is that of second.example");
    Files.writeString(own, "log.example\n");
    assertThatThrownBy(() -> witness().last(ORIGIN)).isInstanceOf(SigningException.class);
  }

  @Test
  void nothingIsSignedThatCannotBeRemembered() throws Exception {
    TreeHead head = new History(home, "one").grow(3);
    Path file = Files.writeString(home.resolve("file"), "no folder");
    DirectoryTileStore store = new DirectoryTileStore(file);
    AddCheckpoint request = new AddCheckpoint(0, List.of(), signed(LOG, head));
    assertThatThrownBy(
            () -> new Witness(WITNESS, store, InstantSource.fixed(NOW)).add(request, KNOWN))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> new CheckpointSigner(LOG, store, InstantSource.fixed(NOW)).sign(head, List.of()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theLogsOwnSignerSignsOneHistoryOnlyWhoeverAsks() throws Exception {
    History history = new History(home, "one");
    History other = new History(home, "other");
    DirectoryTileStore store = new DirectoryTileStore(home.resolve("signer"));
    CheckpointSigner signer = new CheckpointSigner(LOG, store, InstantSource.fixed(NOW));
    assertThat(signer.last()).isEqualTo(TreeHead.EMPTY);
    TreeHead five = history.grow(5);
    SignedNote note = signer.sign(five, List.of());
    byte[] document = note.document().getBytes(StandardCharsets.UTF_8);
    Checkpoint checkpoint = Checkpoint.verified(document, KNOWN);
    assertThat(checkpoint.size()).isEqualTo(5);
    assertThat(checkpoint.root()).isEqualTo(five.root());
    TreeHead otherFive = other.grow(5);
    TreeHead otherSix = other.grow(6);
    List<Digest> otherProof = other.from(5);
    CheckpointSigner restarted = new CheckpointSigner(LOG, store, InstantSource.fixed(NOW));
    for (TreeHead wrong : List.of(otherFive, otherSix, TreeHead.EMPTY)) {
      List<Digest> proof = wrong.equals(otherSix) ? otherProof : List.of();
      assertThatThrownBy(() -> restarted.sign(wrong, proof))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("not shown to begin with the one of size 5");
    }
    assertThat(restarted.last()).isEqualTo(five);
    TreeHead six = history.grow(6);
    restarted.sign(six, history.from(5));
    assertThat(restarted.last()).isEqualTo(six);
  }

  @Test
  void requestsAreReadAsTheyWereWritten() throws Exception {
    History history = new History(home, "one");
    history.grow(3);
    TreeHead head = history.grow(300);
    String checkpoint = signed(LOG, head);
    for (AddCheckpoint request :
        List.of(
            new AddCheckpoint(0, List.of(), checkpoint),
            new AddCheckpoint(3, history.from(3), checkpoint))) {
      assertThat(AddCheckpoint.parse(request.bytes())).isEqualTo(request);
    }
  }

  @Test
  void malformedRequestsAreRefused() {
    String hash = "A".repeat(43) + "=\n";
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry("", "expected old SIZE"),
            Map.entry("old 0\n", "expected old SIZE"),
            Map.entry("new 0\n\nnote", "expected old SIZE"),
            Map.entry(" old 0\n\nnote", "expected old SIZE"),
            Map.entry("old 0\n\n" + "x".repeat(AddCheckpoint.MAX_BYTES), "expected old SIZE"),
            Map.entry("old \n\nnote", "malformed size"),
            Map.entry("old 01\n\nnote", "malformed size"),
            Map.entry("old -1\n\nnote", "malformed size"),
            Map.entry("old +1\n\nnote", "malformed size"),
            Map.entry("old 9223372036854775808\n\nnote", "malformed size"),
            Map.entry("old 1\n" + hash.repeat(64) + "\nnote", "malformed size or proof"),
            Map.entry("old 1\nAAAA\n\nnote", ""),
            Map.entry("old 1\n!" + hash.substring(1) + "\nnote", ""));
    wrong.forEach(
        (body, why) ->
            assertThatThrownBy(() -> AddCheckpoint.parse(body.getBytes(StandardCharsets.UTF_8)))
                .as(body.substring(0, Math.min(40, body.length())))
                .isInstanceOf(SigningException.class)
                .hasMessageContaining(why));
    byte[] noText = "old 1\n\nnote \u2014".getBytes(StandardCharsets.UTF_8);
    noText[noText.length - 1] = 'x';
    assertThatThrownBy(() -> AddCheckpoint.parse(noText))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("not UTF-8");
  }
}

package dev.raya.registry.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raya.registry.log.TransparencyLog;
import dev.raya.registry.ops.CommandsForTests;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import dev.raya.registry.publish.TestPackage;
import dev.raya.registry.signer.WitnessedLogs;
import dev.raya.registry.trust.OtherWitnesses;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.Witness;
import dev.raya.signing.witness.WitnessException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two registries witness each other: the running one, and another log with its witness. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class WitnessTest {
  private static final String OTHER = "other.example";

  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable TransparencyLog served;

  @TempDir @Nullable Path folder;

  private static SigningKey key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return SigningKey.ofSeed(seed);
  }

  private static byte[] entry(int number) {
    return ("entry " + number).getBytes(StandardCharsets.UTF_8);
  }

  private static String note(NoteSigner signer, TreeHead head) {
    String text = new Checkpoint(OTHER, head.size(), head.root(), List.of()).text();
    return new SignedNote(text, List.of(signer.sign(text, Instant.EPOCH))).document();
  }

  private Client.Answer add(Client client, AddCheckpoint request) throws Exception {
    return client.post("witness/add-checkpoint", "text/plain", request.bytes());
  }

  @Test
  void theRunningRegistryCosignsWhatIsConsistentAndNothingElse() throws Exception {
    if (address == null || folder == null) {
      throw new IllegalStateException("Quarkus and JUnit set these");
    }
    Client client = Client.anonymous(address);
    NoteSigner other = NoteSigner.log(OTHER, key(7));
    Path logs = RunningRegistry.directory().root().resolve(WitnessedLogs.FILE);
    Files.createDirectories(logs.getParent());
    Files.writeString(logs, "log " + other.verifier().text() + "\n");
    DirectoryTileStore store = new DirectoryTileStore(folder.resolve("log"));
    TileLog log = TileLog.open(store, TreeHead.EMPTY);
    TreeHead one = log.append(List.of(entry(1)));
    TreeHead three = log.append(List.of(entry(2), entry(3)));

    Client.Answer first = add(client, new AddCheckpoint(0, List.of(), note(other, one)));
    assertThat(first.status()).as(first.text()).isEqualTo(200);
    String printed = CommandsForTests.run("witness").text();
    String vkey = printed.lines().filter(l -> l.startsWith("witness ")).findFirst().orElseThrow();
    NoteKey cosigner = NoteKey.parse(vkey.split(" ")[2]);
    SignedNote cosigned =
        SignedNote.parse((note(other, one) + first.text()).getBytes(StandardCharsets.UTF_8));
    assertThat(cosigned.signers(List.of(cosigner, other.verifier()))).hasSize(2);

    Client.Answer conflict = add(client, new AddCheckpoint(0, List.of(), note(other, three)));
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.header("Content-Type")).startsWith("text/x.tlog.size");
    assertThat(conflict.text()).isEqualTo("1\n");
    TreeHead fork =
        TileLog.open(new DirectoryTileStore(folder.resolve("fork")), TreeHead.EMPTY)
            .append(List.of(entry(9), entry(2), entry(3)));
    List<dev.raya.cache.digest.Digest> proof = new TileTree(store, 3).consistency(1);
    assertThat(add(client, new AddCheckpoint(1, proof, note(other, fork))).status()).isEqualTo(422);
    assertThat(add(client, new AddCheckpoint(4, proof, note(other, three))).status())
        .isEqualTo(400);
    NoteSigner stranger = NoteSigner.log(OTHER, key(8));
    assertThat(add(client, new AddCheckpoint(1, proof, note(stranger, three))).status())
        .isEqualTo(403);
    String unknown = note(other, three).replace(OTHER, "third.example");
    assertThat(add(client, new AddCheckpoint(1, proof, unknown)).status()).isEqualTo(404);
    assertThat(client.post("witness/add-checkpoint", "text/plain", new byte[3]).status())
        .isEqualTo(400);
    Client.Answer tooLarge = add(client, new AddCheckpoint(1L << 53, proof, note(other, three)));
    assertThat(tooLarge.status()).isEqualTo(400);
    assertThat(tooLarge.text()).contains("at most 9007199254740991 leaves");
    assertThat(add(client, new AddCheckpoint(1, proof, note(other, three))).status())
        .isEqualTo(200);
    Files.delete(logs);
    assertThat(add(client, new AddCheckpoint(3, List.of(), note(other, three))).status())
        .isEqualTo(404);
  }

  private static String witnessLine(String name, int key, HttpServer server) {
    return "witness "
        + name
        + ' '
        + NoteSigner.witness(name + ".example", key(key)).verifier().text()
        + " http://127.0.0.1:"
        + server.getAddress().getPort()
        + '/'
        + name;
  }

  @Test
  void theRunningRegistrysCheckpointsAreCosignedByTheOtherOne() throws Exception {
    if (address == null || folder == null || served == null) {
      throw new IllegalStateException("Quarkus and JUnit set these");
    }
    String log = CommandsForTests.run("witness").text().lines().findFirst().orElseThrow();
    NoteKey logKey = NoteKey.parse(log.substring("log ".length()));
    Witness witness =
        new Witness(
            NoteSigner.witness(OTHER, key(9)),
            new DirectoryTileStore(folder.resolve("witness")),
            InstantSource.system());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/w/add-checkpoint",
        exchange -> {
          byte[] answer;
          int status = 200;
          try {
            AddCheckpoint request = AddCheckpoint.parse(exchange.getRequestBody().readAllBytes());
            answer = witness.add(request, List.of(logKey)).line().getBytes(StandardCharsets.UTF_8);
          } catch (WitnessException e) {
            status = e.reason().status();
            answer = (e.size() + "\n").getBytes(StandardCharsets.UTF_8);
          } catch (dev.raya.signing.SigningException e) {
            throw new IOException(e);
          }
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    // Two that come first in the file and answer what is none.
    server.createContext(
        "/bad/add-checkpoint",
        exchange -> {
          byte[] answer = "\u2014 nonsense\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.createContext(
        "/long/add-checkpoint",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(new byte[100 << 10]);
          exchange.close();
        });
    server.start();
    Path witnesses = RunningRegistry.directory().root().resolve(OtherWitnesses.FILE);
    try {
      String line =
          "witness other "
              + witness.verifier().text()
              + " http://127.0.0.1:"
              + server.getAddress().getPort()
              + "/w";
      Files.createDirectories(witnesses.getParent());
      String bad = witnessLine("bad", 10, server);
      String tooLong = witnessLine("long", 11, server);
      Files.writeString(witnesses, bad + "\n" + tooLong + "\n" + line + "\n");
      Client ann = Client.publisher(address, "ann-witness");
      assertThat(ann.publish(TestPackage.of("witnessed", "1.0.0")).status()).isEqualTo(201);
      LogPolicy both = LogPolicy.parse("log " + logKey.text() + "\n" + line + "\nquorum other\n");
      long size = -1;
      Checkpoint found = null;
      while (found == null) {
        byte[] note = ann.get("log/checkpoint").body();
        try {
          found = both.verify(note);
        } catch (dev.raya.signing.SigningException tooEarly) {
          // The other witness is asked beside the publish; its cosignature comes a moment later.
          size = tooEarly.kind() == dev.raya.signing.SigningException.Code.WITNESS_QUORUM ? 0 : -2;
          assertThat(size).as(tooEarly.getMessage()).isZero();
        }
      }
      assertThat(witness.last("registry.example").size()).isEqualTo(found.size());
    } finally {
      Files.deleteIfExists(witnesses);
      server.stop(0);
    }
  }

  /** A checkpoint of the running registry that some key cosigns. */
  private static SignedNote cosign(TransparencyLog log, NoteSigner witness) throws Exception {
    SignedNote note =
        SignedNote.parse(
            log.awaitAfter(-1, java.time.Duration.ofSeconds(60))
                .orElseThrow()
                .note()
                .getBytes(StandardCharsets.UTF_8));
    return note.with(witness.sign(note.text(), Instant.EPOCH));
  }

  private static byte[] bytes(SignedNote note) {
    return note.document().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatAWitnessBringsIsServedAndProvesRecordsAlsoWhenTheLogHasGoneOn() throws Exception {
    if (address == null || served == null) {
      throw new IllegalStateException("Quarkus and JUnit set these");
    }
    Client anybody = Client.anonymous(address);
    NoteSigner job = NoteSigner.witness("job.example/witness", key(12));
    NoteSigner stranger = NoteSigner.witness("stranger.example/witness", key(13));
    String door = "witness/add-cosignature";
    Client ann = Client.publisher(address, "ann-pushed");
    assertThat(ann.publish(TestPackage.of("pushed-one", "1.0.0")).status()).isEqualTo(201);
    SignedNote cosigned = cosign(served, job);
    Client.Answer unnamed = anybody.post(door, "text/plain", bytes(cosigned));
    assertThat(unnamed.status()).as(unnamed.text()).isEqualTo(404);
    Path witnesses = RunningRegistry.directory().root().resolve(OtherWitnesses.FILE);
    Files.createDirectories(witnesses.getParent());
    Files.writeString(witnesses, "witness job " + job.verifier().text() + "\n");
    try {
      String log = CommandsForTests.run("witness").text().lines().findFirst().orElseThrow();
      NoteKey logKey = NoteKey.parse(log.substring("log ".length()));
      assertThat(anybody.post(door, "text/plain", bytes(cosign(served, stranger))).status())
          .as("a stranger's")
          .isEqualTo(403);
      SignedNote forged =
          new SignedNote(
              cosigned.text().replaceFirst("\n[0-9]+\n", "\n1\n"), cosigned.signatures());
      assertThat(anybody.post(door, "text/plain", bytes(forged)).status()).isEqualTo(400);
      SignedNote other =
          SignedNote.parse(
              note(NoteSigner.log(OTHER, key(7)), TreeHead.EMPTY).getBytes(StandardCharsets.UTF_8));
      assertThat(
              anybody
                  .post(
                      door, "text/plain", bytes(other.with(job.sign(other.text(), Instant.EPOCH))))
                  .status())
          .as("another log's")
          .isEqualTo(400);
      SignedNote damaged = cosigned.with(stranger.sign("another text\n", Instant.EPOCH));
      assertThat(anybody.post(door, "text/plain", new byte[SignedNote.MAX_BYTES + 1]).status())
          .isEqualTo(413);
      assertThat(anybody.post(door, "text/plain", bytes(damaged)).status())
          .as("what else is signed is left out")
          .isEqualTo(204);
      assertThat(anybody.post(door, "text/plain", bytes(cosigned)).status()).isEqualTo(204);
      SignedNote now = SignedNote.parse(anybody.get("log/checkpoint").body());
      assertThat(now.text()).isEqualTo(cosigned.text());
      assertThat(now.signers(List.of(logKey, job.verifier()))).hasSize(2);
      assertThat(now.signatures()).hasSize(3);

      assertThat(ann.publish(TestPackage.of("pushed-two", "1.0.0")).status()).isEqualTo(201);
      SignedNote before = parsed(served, 0);
      assertThat(before.signers(List.of(job.verifier()))).as("an older record").hasSize(1);
      long last = served.size() - 1;
      assertThat(parsed(served, last).signers(List.of(job.verifier()))).as("a newer").isEmpty();
      assertThat(anybody.post(door, "text/plain", bytes(cosign(served, job))).status())
          .isEqualTo(204);
      assertThat(parsed(served, last).signers(List.of(job.verifier()))).hasSize(1);
      assertThat(anybody.post(door, "text/plain", bytes(cosigned)).status())
          .as("an older one takes nothing away")
          .isEqualTo(204);
      assertThat(parsed(served, last).signers(List.of(job.verifier()))).hasSize(1);
    } finally {
      Files.deleteIfExists(witnesses);
    }
  }

  @Test
  void whatClientsWouldNotBelieveIsNotKeptAndAWitnessThatStopsHoldsNothingUp() throws Exception {
    if (address == null || served == null) {
      throw new IllegalStateException("Quarkus and JUnit set these");
    }
    Client anybody = Client.anonymous(address);
    NoteSigner job = NoteSigner.witness("job.example/witness", key(14));
    NoteSigner bob = NoteSigner.witness("bob.example/witness", key(15));
    String door = "witness/add-cosignature";
    Client ann = Client.publisher(address, "ann-stripped");
    assertThat(ann.publish(TestPackage.of("stripped-one", "1.0.0")).status()).isEqualTo(201);
    SignedNote older = cosign(served, job);
    Path root = RunningRegistry.directory().root();
    Path witnesses = root.resolve(OtherWitnesses.FILE);
    Files.createDirectories(witnesses.getParent());
    Files.writeString(
        witnesses,
        "witness job " + job.verifier().text() + "\nwitness bob " + bob.verifier().text() + "\n");
    try {
      NoteKey logKey =
          NoteKey.parse(
              CommandsForTests.run("witness")
                  .text()
                  .lines()
                  .findFirst()
                  .orElseThrow()
                  .substring("log ".length()));
      LogPolicy policy = LogPolicy.parse(Files.readString(root.resolve("tree/trust/log.policy")));
      assertThat(ann.publish(TestPackage.of("stripped-two", "1.0.0")).status()).isEqualTo(201);
      SignedNote stripped =
          new SignedNote(
              older.text(),
              older.signatures().stream()
                  .filter(
                      each ->
                          each.name().equals(logKey.name())
                              || each.name().equals(job.verifier().name()))
                  .toList());
      assertThat(stripped.signatures()).hasSize(2);
      Client.Answer refused = anybody.post(door, "text/plain", bytes(stripped));
      assertThat(refused.status()).as(refused.text()).isEqualTo(400);
      policy.verify(served.prove(0).orElseThrow().checkpoint().getBytes(StandardCharsets.UTF_8));

      SignedNote both = cosign(served, job);
      both = both.with(bob.sign(both.text(), Instant.EPOCH));
      assertThat(anybody.post(door, "text/plain", bytes(both)).status()).isEqualTo(204);
      Path kept = root.resolve("witness/outside/checkpoint");
      Path shown = root.resolve("tree/log/checkpoint");
      Object keptFile = Files.readAttributes(kept, BasicFileAttributes.class).fileKey();
      Object shownFile = Files.readAttributes(shown, BasicFileAttributes.class).fileKey();
      assertThat(anybody.post(door, "text/plain", bytes(both)).status()).isEqualTo(204);
      assertThat(Files.readAttributes(kept, BasicFileAttributes.class).fileKey())
          .as("what brings nothing new is not written")
          .isEqualTo(keptFile);
      assertThat(Files.readAttributes(shown, BasicFileAttributes.class).fileKey())
          .isEqualTo(shownFile);

      assertThat(ann.publish(TestPackage.of("stripped-three", "1.0.0")).status()).isEqualTo(201);
      SignedNote alone = cosign(served, job);
      assertThat(ann.publish(TestPackage.of("stripped-four", "1.0.0")).status()).isEqualTo(201);
      assertThat(anybody.post(door, "text/plain", bytes(alone)).status()).isEqualTo(204);
      long size = Checkpoint.parse(alone.text()).size();
      assertThat(parsed(served, size - 1).signers(List.of(job.verifier())))
          .as("bob stopped")
          .hasSize(1);
    } finally {
      Files.deleteIfExists(witnesses);
    }
  }

  private static SignedNote parsed(TransparencyLog log, long index) throws Exception {
    return SignedNote.parse(
        log.prove(index).orElseThrow().checkpoint().getBytes(StandardCharsets.UTF_8));
  }
}

package dev.raya.registry.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.registry.RegistryProgram;
import dev.raya.registry.ops.TestRegistryKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry's own witness: a process of its own, with its own keys and its own memory. */
final class LocalWitnessTest {
  private static final String ORIGIN = "https://registry.example";

  @TempDir Path folder;

  private DataDirectory directory() throws Exception {
    DataDirectory directory = new DataDirectory(folder.resolve("d")).create();
    TestRegistryKeys.make(directory, ORIGIN);
    return directory;
  }

  private static HeldKeys keys(DataDirectory directory) throws Exception {
    return HeldKeys.open(directory, ORIGIN, InstantSource.system());
  }

  private static HeldWitness witness(DataDirectory directory) throws Exception {
    return HeldWitness.open(directory, ORIGIN, InstantSource.system());
  }

  private static Digest leaf(int number) {
    return MerkleProofs.leafHash(new byte[] {(byte) number});
  }

  private static final TreeHead ONE = new TreeHead(1, leaf(1));
  private static final TreeHead TWO = new TreeHead(2, MerkleProofs.nodeHash(leaf(1), leaf(2)));

  @Test
  void theTwoHaveNoKeyInCommonAndNeitherNeedsTheOthers() throws Exception {
    DataDirectory directory = directory();
    Path away = folder.resolve("away");
    Files.move(directory.keys().resolve("witness"), away);
    String note = keys(directory).checkpoint(ONE, List.of());
    assertThatThrownBy(() -> witness(directory)).isInstanceOf(StorageException.class);
    Files.move(away, directory.keys().resolve("witness"));
    // Of the log's key the witness reads the public half alone; without the private one it works.
    Path logKey;
    try (Stream<Path> files = Files.list(directory.keys().resolve("online/log"))) {
      logKey = files.findFirst().orElseThrow();
    }
    Files.writeString(logKey, Files.readString(logKey).replaceFirst("\"pkcs8\":\"[^\"]*\",?", ""));
    assertThatThrownBy(() -> keys(directory)).isInstanceOf(StorageException.class);
    HeldWitness witness = witness(directory);
    assertThat(witness.cosignOwn(new AddCheckpoint(0, List.of(), note)))
        .startsWith("\u2014 registry.example/witness/local ");
    assertThat(directory.signer().resolve("witness")).doesNotExist();
    assertThat(directory.keys().resolve("online/witness")).doesNotExist();
  }

  @Test
  void aForkThatTheLogsOwnKeySignedIsNotCosigned() throws Exception {
    DataDirectory directory = directory();
    String one = keys(directory).checkpoint(ONE, List.of());
    Path socket = directory.witness().resolve("socket");
    try (SignerServer _ = SignerServer.listen(witness(directory), socket);
        WitnessClient client = new WitnessClient(socket)) {
      client.cosignOwn(new AddCheckpoint(0, List.of(), one));
      assertThat(client.cosignedSize()).isEqualTo(1);
      // Whoever holds the log's key and made its process forget.
      Directories.delete(directory.signer().resolve("log"));
      TreeHead fork = new TreeHead(2, MerkleProofs.nodeHash(leaf(3), leaf(2)));
      String forked = keys(directory).checkpoint(fork, List.of());
      assertThatThrownBy(() -> client.cosignOwn(new AddCheckpoint(1, List.of(leaf(2)), forked)))
          .isInstanceOf(WitnessException.class);
      assertThatThrownBy(() -> client.cosignOwn(new AddCheckpoint(0, List.of(), forked)))
          .isInstanceOf(WitnessException.class)
          .extracting(e -> ((WitnessException) e).reason())
          .isEqualTo(WitnessException.Reason.CONFLICT);
      Directories.delete(directory.signer().resolve("log"));
      String two = keys(directory).checkpoint(TWO, List.of());
      client.cosignOwn(new AddCheckpoint(1, List.of(leaf(2)), two));
      assertThat(client.cosignedSize()).isEqualTo(2);
    }
  }

  @Test
  void eachProcessRefusesWhatIsAskedOfTheOther() throws Exception {
    DataDirectory directory = directory();
    Path signer = directory.signer().resolve("socket");
    Path witness = directory.witness().resolve("socket");
    try (SignerServer _ = SignerServer.listen(keys(directory), signer);
        SignerServer _ = SignerServer.listen(witness(directory), witness);
        SignerClient wrongSigner = new SignerClient(witness);
        WitnessClient wrongWitness = new WitnessClient(signer)) {
      assertThatThrownBy(() -> wrongSigner.checkpoint(ONE, List.of()))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("signs nothing else");
      assertThatThrownBy(() -> wrongWitness.cosignOwn(new AddCheckpoint(0, List.of(), "a\n0\nx\n")))
          .isInstanceOf(SigningException.class)
          .hasMessageContaining("cosigns nothing");
    }
  }

  @Test
  void aFileThatCannotBeReadFailsTheOneRequestAndLeavesTheConnection() throws Exception {
    DataDirectory directory = directory();
    Path socket = directory.witness().resolve("socket");
    // A folder where a file is expected: reading it is an IOException.
    Files.createDirectories(directory.root().resolve(WitnessedLogs.FILE));
    AddCheckpoint request = new AddCheckpoint(0, List.of(), "other.example\n0\nx\n");
    try (SignerServer _ = SignerServer.listen(witness(directory), socket);
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
      for (SignerMessage message :
          List.of(new SignerMessage.Cosign(request), new SignerMessage.LastSize())) {
        Frames.write(out, Frames.OK, message.bytes());
        Frames.Frame answer = Frames.read(in);
        assertThat(answer == null ? -1 : answer.kind())
            .isEqualTo(message instanceof SignerMessage.Cosign ? Frames.FAILED : Frames.OK);
      }
      try (WitnessClient client = new WitnessClient(socket)) {
        assertThatThrownBy(() -> client.cosign(request))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("the witness failed");
        assertThat(client.cosignedSize()).isZero();
      }
    }
  }

  @Test
  void aProcessThatIsKilledIsStartedAnewAndRemembers() throws Exception {
    DataDirectory directory = directory();
    String one = keys(directory).checkpoint(ONE, List.of());
    try (KeyProcess process = KeyProcess.witness(RegistryProgram.class, directory);
        WitnessClient client = new WitnessClient(process.socket())) {
      client.cosignOwn(new AddCheckpoint(0, List.of(), one));
      ProcessHandle first = process.handle();
      first.destroyForcibly();
      first.onExit().join();
      assertThat(client.cosignedSize()).isEqualTo(1);
      ProcessHandle second = process.handle();
      assertThat(second.pid()).isNotEqualTo(first.pid());
      process.close();
      assertThat(second.isAlive()).isFalse();
    }
  }

  @Test
  void aRegistryOfAnEarlierReleaseKeepsKeysAndMemory() throws Exception {
    DataDirectory directory = directory();
    String one = keys(directory).checkpoint(ONE, List.of());
    witness(directory).cosignOwn(new AddCheckpoint(0, List.of(), one));
    var publicKey = new TrustKeys(directory).witnessPublic();
    var others = new TrustKeys(directory).cosignerPublic();
    // As it lay before: among the signer's.
    Files.move(
        directory.keys().resolve("witness/local"), directory.keys().resolve("online/witness"));
    Files.move(
        directory.keys().resolve("witness/others"), directory.keys().resolve("online/cosigner"));
    Files.move(directory.witness().resolve("local"), directory.signer().resolve("witness"));

    TrustKeys keys = new TrustKeys(directory);
    assertThat(keys.witnessPublic()).isEqualTo(publicKey);
    keys.complete(new SecureRandom());
    assertThat(keys.witnessPublic()).isEqualTo(publicKey);
    assertThat(keys.cosignerPublic()).isEqualTo(others);
    assertThat(witness(directory).cosignedSize()).isEqualTo(1);
    assertThat(directory.keys().resolve("online/witness")).doesNotExist();
    assertThat(directory.signer().resolve("witness")).doesNotExist();
  }
}

package dev.raya.registry.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.RegistryProgram;
import dev.raya.registry.ops.TestRegistryKeys;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.tile.TreeHead;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SignerTest {
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

  private static Digest leaf(int number) {
    return MerkleProofs.leafHash(new byte[] {(byte) number});
  }

  @Test
  void whatIsAskedOverTheSocketIsSignedAndWhatARoleMayNotSayIsRefused() throws Exception {
    DataDirectory directory = directory();
    Path socket = directory.signer().resolve("socket");
    try (SignerServer _ = SignerServer.listen(keys(directory), socket);
        SignerClient client = new SignerClient(socket)) {
      assertThat(client.lastSnapshot()).isEmpty();
      String path = "index/3f/a2/logging";
      Role.TargetFile file = new Role.TargetFile(7, Map.of("sha256", Digest.of(new byte[0]).hex()));
      String bin = dev.raya.tuf.repository.HashBin.of(path);
      byte[] signed = client.bin(bin, 2, Map.of(path, file));
      assertThat(RoleReader.targets(signed).role().targets()).containsEntry(path, file);
      assertThat(RoleReader.targets(client.emptyBin(3)).role().targets()).isEmpty();
      byte[] snapshot = client.snapshot(Map.of(bin + ".json", 2L));
      assertThat(client.lastSnapshot()).contains(snapshot);
      assertThat(RoleReader.timestamp(client.timestamp(Digest.of(snapshot))).role().version())
          .isEqualTo(1);
      assertThatThrownBy(() -> client.bin("bin-000", 2, Map.of(path, file)))
          .isInstanceOf(TufException.class)
          .hasMessageContaining("does not fall into");
      assertThatThrownBy(() -> client.emptyBin(4))
          .isInstanceOf(TufException.class)
          .hasMessageContaining("without targets are odd");
      assertThatThrownBy(() -> client.advisories(1, Map.of("trust/log.policy", file)))
          .isInstanceOf(TufException.class);
      assertThatThrownBy(() -> client.timestamp(Digest.of(new byte[] {1})))
          .isInstanceOf(TufException.class);
    }
  }

  @Test
  void aLogThatDoesNotGoOnFromWhatWasSignedIsRefusedByAnotherSignerTooAndAForkIsNeverCosigned()
      throws Exception {
    DataDirectory directory = directory();
    Path socket = directory.signer().resolve("socket");
    TreeHead one = new TreeHead(1, leaf(1));
    TreeHead two = new TreeHead(2, MerkleProofs.nodeHash(leaf(1), leaf(2)));
    TreeHead fork = new TreeHead(2, MerkleProofs.nodeHash(leaf(3), leaf(2)));
    try (SignerClient client = new SignerClient(socket)) {
      try (SignerServer _ = SignerServer.listen(keys(directory), socket)) {
        assertThat(client.signedSize()).isZero();
        assertThat(client.checkpoint(one, List.of()))
            .startsWith("registry.example\n1\n")
            .contains("\u2014 registry.example ")
            .doesNotContain("witness");
      }
      // Another process over the same keys and memory; the client waits for it and goes on.
      try (SignerServer _ = SignerServer.listen(keys(directory), socket)) {
        assertThat(client.signedSize()).isEqualTo(1);
        List<Digest> proof = List.of(leaf(2));
        assertThatThrownBy(() -> client.checkpoint(fork, proof))
            .isInstanceOf(SigningException.class);
        assertThat(client.checkpoint(two, proof)).startsWith("registry.example\n2\n");
        assertThatThrownBy(() -> client.checkpoint(one, List.of()))
            .isInstanceOf(SigningException.class);
      }
    }
  }

  @Test
  void whatIsNoMessageIsRefusedOrEndsTheConnectionAndNothingElse() throws Exception {
    DataDirectory directory = directory();
    Path socket = directory.signer().resolve("socket");
    try (SignerServer _ = SignerServer.listen(keys(directory), socket)) {
      for (String text :
          List.of("", "{}", "{\"op\":\"sign\",\"bytes\":\"00\"}", "{\"op\":\"bin\"}", "[1]")) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
          Frames.write(out, Frames.OK, text.getBytes(StandardCharsets.UTF_8));
          Frames.Frame answer = Frames.read(in);
          assertThat(answer).as(text).isNotNull();
          assertThat(answer == null ? -1 : answer.kind()).isEqualTo(Frames.REFUSED);
        }
      }
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
          DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
          DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel))) {
        out.writeInt(Integer.MAX_VALUE);
        out.writeByte(0);
        out.flush();
        assertThat(in.read()).isNegative();
      }
      try (SignerClient client = new SignerClient(socket)) {
        assertThat(client.signedSize()).isZero();
      }
    }
  }

  @Test
  void aProcessThatIsKilledIsStartedAnewAndEndsWithItsParent() throws Exception {
    DataDirectory directory = directory();
    try (KeyProcess process = KeyProcess.signer(RegistryProgram.class, directory);
        SignerClient client = new SignerClient(process.socket())) {
      client.checkpoint(new TreeHead(1, leaf(1)), List.of());
      ProcessHandle first = process.handle();
      first.destroyForcibly();
      first.onExit().join();
      assertThat(client.signedSize()).isEqualTo(1);
      ProcessHandle second = process.handle();
      assertThat(second.pid()).isNotEqualTo(first.pid());
      process.close();
      assertThat(second.isAlive()).isFalse();
    }
  }
}

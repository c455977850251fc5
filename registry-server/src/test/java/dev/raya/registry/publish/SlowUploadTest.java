package dev.raya.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.RunningRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Uploads that begin and do not end take nothing from anybody but the account that sends them. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class SlowUploadTest {
  private static final int TRIES = 200;

  @TestHTTPResource("/")
  @Nullable URL address;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private Socket begun(String token) throws IOException {
    Socket socket = new Socket(base().getHost(), base().getPort());
    String head =
        "POST /publish HTTP/1.1\r\nHost: r\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void anAccountHasSoManyAtOnceAndNoMore() throws Exception {
    Client slow = Client.publisher(base(), "slow");
    Client other = Client.publisher(base(), "not-slow");
    TestPackage sample = TestPackage.of("slow-one", "1.0.0");
    assertThat(slow.publish(sample).status()).isEqualTo(201);
    String token = Client.token("slow");
    List<Socket> open = new ArrayList<>();
    try {
      Client.Answer answer = slow.publish(sample);
      for (int i = 0; i < TRIES && answer.status() == 200; i++) {
        open.add(begun(token));
        answer = slow.publish(sample);
      }
      assertThat(answer.status()).as(answer.text()).isEqualTo(429);
      assertThat(answer.member("code")).isEqualTo("RAYA-REG-013");
      assertThat(answer.header("Retry-After")).isNotEmpty();
      assertThat(open).hasSizeGreaterThanOrEqualTo(UploadSlots.OF_ACCOUNT);
      assertThat(other.publish(TestPackage.of("slow-other", "1.0.0")).status()).isEqualTo(201);
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    Client.Answer answer = slow.publish(sample);
    for (int i = 0; i < TRIES && answer.status() == 429; i++) {
      answer = slow.publish(sample);
    }
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }
}

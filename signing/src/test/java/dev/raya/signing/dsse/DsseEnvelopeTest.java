package dev.raya.signing.dsse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DsseEnvelopeTest {

  /** The example of the DSSE protocol page. */
  @Test
  void preAuthenticationEncodingIsTheProtocolsOwn() {
    byte[] encoding =
        DsseEnvelope.preAuthenticationEncoding(
            "http://example.com/HelloWorld", "hello world".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(encoding, StandardCharsets.UTF_8))
        .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payload\":\"AAAA\",\"payloadType\":\"t\",\"signatures\":[]}",
        "{\"payload\":\"AAA\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payload\":\"AAB=\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payload\":\"A AAA\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}",
        "{\"payload\":1,\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AAAA\"}]}"
      })
  void malformedEnvelopesAreRefused(String document) {
    assertThatThrownBy(() -> DsseEnvelope.read(JsonFields.root(JsonReader.read(document))))
        .isInstanceOf(JsonException.class);
  }
}

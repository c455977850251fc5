package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every vector of sigstore-conformance that is kept here has its verdict. */
final class SigstoreVectorsTest {
  @Test
  void everyVectorHasItsVerdictByPathAndByDigest()
      throws IOException, JsonException, SigningException {
    List<SigstoreCase> cases = SigstoreCase.all();
    List<String> wrong = new ArrayList<>();
    for (SigstoreCase each : cases) {
      for (SignedArtifact artifact : List.of(each.byPath(), each.byDigest())) {
        try {
          each.verify(each.bundle(), artifact);
          if (!each.accepted()) {
            wrong.add(each.name() + ": accepted");
          }
        } catch (SigningException refused) {
          if (each.accepted()) {
            wrong.add(each.name() + ": " + refused.getMessage());
          }
        }
      }
    }
    assertThat(cases).hasSize(36);
    assertThat(wrong).isEmpty();
  }
}

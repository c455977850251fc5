package dev.raya.registry.witness;

import dev.raya.registry.log.TransparencyLog;
import dev.raya.registry.ops.RegistrySettings;
import dev.raya.registry.trust.OtherWitnesses;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.witness.AddCheckpoint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks other witnesses to cosign each new checkpoint, on a thread of its own: publishing never
 * waits for somebody else's server. Cosignatures that come in time are added to the checkpoint that
 * is served; late ones belong to an older one and are dropped, and the next round asks again.
 */
@ApplicationScoped
public class WitnessRounds {
  private static final System.Logger LOG = System.getLogger(WitnessRounds.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int CONFLICT = 409;
  private static final int OK = 200;
  private static final int MAX_ANSWER = 64 << 10;

  private final RegistrySettings settings;
  private final TransparencyLog log;
  private final Thread thread;

  /** The size that each witness cosigned last, as far as we know; used by the thread alone. */
  private final Map<URI, Long> sizes = new HashMap<>();

  private volatile boolean ending;

  /** The client is only made when there is a witness to ask. */
  private static final class Http {
    static final HttpClient CLIENT =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
  }

  @Inject
  WitnessRounds(RegistrySettings settings, TransparencyLog log) {
    this.settings = settings;
    this.log = log;
    this.thread = Thread.ofPlatform().name("raya-witness").daemon().unstarted(this::run);
  }

  void start(@Observes StartupEvent event) {
    thread.start();
  }

  void stop(@Observes ShutdownEvent event) {
    ending = true;
    thread.interrupt();
  }

  private void run() {
    long done = -1;
    while (!ending) {
      try {
        TransparencyLog.Served served = log.awaitAfter(done);
        done = served.head().size();
        for (OtherWitnesses.Other witness : OtherWitnesses.read(settings.directory())) {
          ask(witness, served);
        }
      } catch (InterruptedException e) {
        return;
      } catch (IOException | SigningException | RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a round of witnesses failed", e);
      }
    }
  }

  private void ask(OtherWitnesses.Other witness, TransparencyLog.Served served)
      throws SigningException, InterruptedException {
    try {
      for (int attempt = 0; attempt < 2; attempt++) {
        long old = sizes.getOrDefault(witness.url(), 0L);
        if (old > served.head().size()) {
          return;
        }
        AddCheckpoint request = new AddCheckpoint(old, served.consistency(old), served.note());
        HttpResponse<byte[]> answer = post(witness, request.bytes());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() == CONFLICT && text.matches("[0-9]{1,18}\n")) {
          sizes.put(witness.url(), Long.parseLong(text.strip()));
          continue;
        }
        if (answer.statusCode() != OK || answer.body().length > MAX_ANSWER) {
          throw new IOException("status " + answer.statusCode() + ": " + text.strip());
        }
        sizes.put(witness.url(), served.head().size());
        NoteSignature cosignature = cosignature(witness, served, text);
        if (cosignature != null) {
          log.cosigned(served, cosignature);
        }
        return;
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the witness {0} did not cosign: {1}",
          witness.url(),
          e.getMessage());
    }
  }

  /** The witness's own signature in its answer, if it verifies. */
  private static @Nullable NoteSignature cosignature(
      OtherWitnesses.Other witness, TransparencyLog.Served served, String lines)
      throws SigningException {
    SignedNote note = SignedNote.parse(served.note().getBytes(StandardCharsets.UTF_8));
    SignedNote answered =
        SignedNote.parse((note.text() + '\n' + lines).getBytes(StandardCharsets.UTF_8));
    for (NoteSignature signature : answered.signatures()) {
      SignedNote one = new SignedNote(note.text(), List.of(signature));
      if (!one.signers(List.of(witness.key())).isEmpty()) {
        return signature;
      }
    }
    return null;
  }

  private static HttpResponse<byte[]> post(OtherWitnesses.Other witness, byte[] body)
      throws IOException, InterruptedException {
    String base = witness.url().toString();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(base + (base.endsWith("/") ? "" : "/") + "add-checkpoint"))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return Http.CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
  }
}

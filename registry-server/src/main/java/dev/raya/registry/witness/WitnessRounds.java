package dev.raya.registry.witness;

import dev.raya.registry.http.RegistryException;
import dev.raya.registry.log.TransparencyLog;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.registry.trust.OtherWitnesses;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks other witnesses to cosign each new checkpoint, on a thread of its own: publishing never
 * waits for somebody else's server. Cosignatures that come in time are added to the checkpoint that
 * is served; late ones belong to an older one, which records are proved by as far as it reaches.
 */
@ApplicationScoped
public class WitnessRounds {
  private static final System.Logger LOG = System.getLogger(WitnessRounds.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Who did not cosign the head that is served is asked for it again. */
  private static final Duration AGAIN = Duration.ofSeconds(60);

  private static final int CONFLICT = 409;
  private static final int OK = 200;
  private static final int MAX_ANSWER = 64 << 10;

  private final RegistrySettings settings;
  private final TransparencyLog log;
  private final Thread thread;

  /** The size that each witness cosigned last, as far as we know; used by the thread alone. */
  private final Map<URI, Long> sizes = new HashMap<>();

  /** The head that each witness cosigned last; used by the thread alone. */
  private final Map<URI, TreeHead> cosigned = new HashMap<>();

  private volatile boolean ending;

  /** An answer, of which no more is read than is taken; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Answer(int status, byte[] body) {}

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
        Optional<TransparencyLog.Served> now = log.awaitAfter(done, AGAIN);
        if (now.isEmpty()) {
          continue;
        }
        TransparencyLog.Served served = now.get();
        done = served.head().size();
        List<OtherWitnesses.Other> witnesses =
            OtherWitnesses.notOwn(settings.directory(), settings.origin());
        for (OtherWitnesses.Other witness : witnesses) {
          URI url = witness.url();
          if (url != null && !served.head().equals(cosigned.get(url))) {
            ask(witness, url, served, OtherWitnesses.keys(witnesses));
          }
        }
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "a round of witnesses failed", e);
      }
    }
  }

  private void ask(
      OtherWitnesses.Other witness, URI url, TransparencyLog.Served served, List<NoteKey> all)
      throws InterruptedException {
    try {
      for (int attempt = 0; attempt < 2; attempt++) {
        long old = sizes.getOrDefault(url, 0L);
        if (old > served.head().size()) {
          return;
        }
        AddCheckpoint request = new AddCheckpoint(old, served.consistency(old), served.note());
        Answer answer = post(url, request.bytes());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.status() == CONFLICT && text.matches("[0-9]{1,18}\n")) {
          sizes.put(url, Long.parseLong(text.strip()));
          continue;
        }
        if (answer.body().length > MAX_ANSWER) {
          throw new IOException("an answer of more than " + MAX_ANSWER + " bytes");
        }
        if (answer.status() != OK) {
          throw new IOException("status " + answer.status() + ": " + text.strip());
        }
        NoteSignature cosignature = cosignature(witness, served, text);
        if (cosignature == null) {
          throw new IOException("no cosignature of its key in its answer");
        }
        sizes.put(url, served.head().size());
        SignedNote note = SignedNote.parse(served.note().getBytes(StandardCharsets.UTF_8));
        log.cosigned(note.with(cosignature), all);
        cosigned.put(url, served.head());
        return;
      }
    } catch (IOException | SigningException | RegistryException | RuntimeException e) {
      // One of them, whatever it answers, does not keep the others from being asked.
      LOG.log(
          System.Logger.Level.WARNING,
          "the witness {0} did not cosign: {1}",
          url,
          String.valueOf(e.getMessage()));
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

  private static Answer post(URI witness, byte[] body) throws IOException, InterruptedException {
    String base = witness.toString();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(base + (base.endsWith("/") ? "" : "/") + "add-checkpoint"))
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<InputStream> answer =
        Http.CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      return new Answer(answer.statusCode(), in.readNBytes(MAX_ANSWER + 1));
    }
  }
}

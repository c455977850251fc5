package dev.raya.registry.ops;

import dev.raya.registry.log.LogLeader;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Inject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What happens between the moment the server can answer and its end: finish what a former run left
 * in the outbox, say on stdout where it listens, wait.
 */
public final class RegistryApplication implements QuarkusApplication {
  private final LogLeader leader;

  @Inject
  RegistryApplication(LogLeader leader) {
    this.leader = leader;
  }

  @Override
  public int run(String... arguments) throws Exception {
    leader.finish();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    out.println("listening on " + arguments[0]);
    out.flush();
    Quarkus.waitForExit();
    return 0;
  }
}

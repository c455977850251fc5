package dev.raya.registry.publish;

import dev.raya.registry.http.RegistryException;
import java.io.IOException;

/**
 * One step of a publish. Steps run in a fixed order on the request's thread and hand their findings
 * on through the {@link Publication}; the first refusal ends the publish and nothing of it stays.
 */
interface PublishStep {
  /**
   * Does the step.
   *
   * @throws RegistryException if the version is refused
   * @throws IOException if the client goes away or a disk fails
   */
  void run(Publication publication) throws RegistryException, IOException;
}

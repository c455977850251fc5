package dev.raya.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.registry.ops.RunningRegistry;
import dev.raya.registry.publish.Client;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URL;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is no fault of the registry is not answered as one. */
@QuarkusTest
@QuarkusTestResource(RunningRegistry.class)
final class ProblemMapperTest {
  private static final int TRIES = 20;
  private static final int MOST_CONNECTIONS = 200;

  @TestHTTPResource("/")
  @Nullable URL address;

  @Inject @Nullable AgroalDataSource database;

  private URL base() {
    if (address == null) {
      throw new IllegalStateException("Quarkus sets the address");
    }
    return address;
  }

  private AgroalDataSource database() {
    if (database == null) {
      throw new IllegalStateException("Quarkus sets the data source");
    }
    return database;
  }

  /** Takes all connections that are free. */
  private void takeAll(List<Connection> taken) {
    try {
      while (taken.size() < MOST_CONNECTIONS) {
        taken.add(database().getConnection());
      }
    } catch (SQLException none) {
      assertThat(none.getMessage()).contains("cquisition timeout");
    }
  }

  @Test
  void whoFindsNoConnectionToTheDatabaseIsToldToComeAgain() throws Exception {
    Client client = Client.anonymous(base());
    AgroalConnectionPoolConfiguration pool =
        database().getConfiguration().connectionPoolConfiguration();
    Duration patience = pool.acquisitionTimeout();
    List<Connection> taken = new ArrayList<>();
    try {
      pool.setAcquisitionTimeout(Duration.ofMillis(100));
      Client.Answer answer = client.get("packages/no-such-package");
      for (int i = 0; i < TRIES && answer.status() == 404; i++) {
        // The registry's own work gives its connections back meanwhile.
        takeAll(taken);
        answer = client.get("packages/no-such-package");
      }
      assertThat(answer.status()).as(answer.text()).isEqualTo(503);
      assertThat(answer.member("code")).isEqualTo("RAYA-REG-015");
      assertThat(answer.header("Retry-After")).isNotEmpty();
    } finally {
      pool.setAcquisitionTimeout(patience);
      for (Connection each : taken) {
        each.close();
      }
    }
    assertThat(client.get("packages/no-such-package").status()).isEqualTo(404);
  }
}

package dev.raya.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class DatabaseAddressTest {
  @Test
  void noMessageCanShowThePasswordOfAnExternalDatabase() {
    DatabaseAddress address =
        DatabaseAddress.external(
            "jdbc:postgresql://db.example/raya?user=r&sslmode=require&password=s%26ecret");
    assertThat(address.toString()).isEqualTo("jdbc:postgresql://db.example/raya?sslmode=require");
    assertThat(address.user()).isEqualTo("r");
    assertThat(address.password()).isEqualTo("s&ecret");
    assertThat(DatabaseAddress.external("jdbc:postgresql:raya").user()).isNull();
  }

  @Test
  void otherDatabasesAreRefused() {
    assertThatThrownBy(() -> DatabaseAddress.external("jdbc:h2:mem:x?password=secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}

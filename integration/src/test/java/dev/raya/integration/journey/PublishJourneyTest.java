package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Suite.Extension.class)
final class PublishJourneyTest {
  private static final String SOURCE = "export function one(): int {\n  return 1;\n}\n";

  private static String manifest(String name, String version) {
    return "[package]\nname = \""
        + name
        + "\"\nversion = \""
        + version
        + "\"\nlicense = \"MIT\"\nmain = \"src/main.raya\"\n";
  }

  @Test
  void publishingTheSameBytesAgainIsDoneAndOtherBytesAreRefused(Suite suite) throws Exception {
    Path library = suite.project(manifest("again", "1.0.0"), SOURCE);
    Programs publisher = suite.newPublisher("again");
    assertThat(publisher.run(library, "raya-pm", "publish").exit()).isZero();
    Programs.Outcome same = publisher.run(library, "raya-pm", "publish");
    assertThat(same.exit()).as(same.err()).isZero();

    Files.writeString(library.resolve("src/main.raya"), SOURCE.replace("1;", "2;"));
    Programs.Outcome other = publisher.run(library, "raya-pm", "publish");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("RAYA-REG-005", "1.0.0");
  }

  @Test
  void publishingWithoutATokenOrSomebodyElsesPackageIsNotPermitted(Suite suite) throws Exception {
    Path library = suite.project(manifest("mine", "1.0.0"), SOURCE);
    Programs.Outcome anonymous = suite.newUser().run(library, "raya-pm", "publish");
    assertThat(anonymous.exit()).isEqualTo(5);

    assertThat(suite.newPublisher("owner").run(library, "raya-pm", "publish").exit()).isZero();
    Path next = suite.project(manifest("mine", "1.0.1"), SOURCE);
    Programs.Outcome stranger = suite.newPublisher("stranger").run(next, "raya-pm", "publish");
    assertThat(stranger.exit()).isEqualTo(5);
    assertThat(stranger.err()).contains("RAYA-REG-003");
  }

  @Test
  void namesThatOnlyLookDifferentAreRefused(Suite suite) throws Exception {
    Path library = suite.project(manifest("look-alike", "1.0.0"), SOURCE);
    assertThat(suite.newPublisher("first").run(library, "raya-pm", "publish").exit()).isZero();
    Path other = suite.project(manifest("look_a1ike", "1.0.0"), SOURCE);
    Programs.Outcome refused = suite.newPublisher("second").run(other, "raya-pm", "publish");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("RAYA-REG-006");
  }

  @Test
  void aPackageThatDoesNotCompileIsNotPublished(Suite suite) throws Exception {
    Path library =
        suite.project(
            manifest("broken", "1.0.0"), "export function f(): int {\n  return \"x\";\n}\n");
    Programs.Outcome refused = suite.newPublisher("broken").run(library, "raya-pm", "publish");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("RAYA-E", "src/main.raya");
  }

  @Test
  void secretsAreNotPacked(Suite suite) throws Exception {
    Path library =
        suite.project(
            manifest("secretive", "1.0.0") + "include = [\"src/**\", \".env\"]\n", SOURCE);
    Files.writeString(library.resolve(".env"), "PASSWORD=1\n");
    Programs.Outcome refused = suite.newPublisher("secretive").run(library, "raya-pm", "publish");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("RAYA-PKG-010", ".env");
  }

  @Test
  void packWritesTheSameBytesTwice(Suite suite) throws Exception {
    Path first = suite.project(manifest("packed", "1.0.0"), SOURCE);
    Path second = suite.project(manifest("packed", "1.0.0"), SOURCE);
    Programs user = suite.newUser();
    assertThat(user.run(first, "raya-pm", "pack").exit()).isZero();
    assertThat(user.run(second, "raya-pm", "pack").exit()).isZero();
    assertThat(first.resolve(".raya/pack/packed-1.0.0.tar.zst"))
        .hasSameBinaryContentAs(second.resolve(".raya/pack/packed-1.0.0.tar.zst"));
  }
}

package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.StaleSourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks do not read files that lie there as they lay when they were read. */
final class FileStampTest {
  /** By this clock every file of a test was written long ago. */
  private static final InstantSource LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  private static final Compiler.Request REQUEST =
      new Compiler.Request(
          "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true);

  @TempDir Path folder;

  @BeforeEach
  void sources() throws IOException {
    write("base.raya", "export function one(): int { return 1; }\n");
    write(
        "main.raya",
        "import { one } from \"./base\";\nfunction main(): void { console.log(`${one()}`); }\n");
    assumeThat(FileStamp.of(folder.resolve("main.raya"))).isNotNull();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private CheckRecords records(InstantSource clock) {
    return CheckRecords.read(folder.resolve("out"), clock);
  }

  private static Compiler compiler(SourceTree sources) {
    return new Compiler(StandardLibrary.fromSources(), sources, PackageImports.NONE);
  }

  /** Checks, and says whether both files were read and how many modules were checked. */
  private String check(InstantSource clock) throws IOException {
    CheckRecords records = records(clock);
    SourceTree sources = SourceTree.folder(folder, records);
    IncrementalCheck.Outcome outcome = compiler(sources).check(REQUEST, records);
    assertThat(outcome.diagnostics()).isEmpty();
    records.save();
    return (isRead(sources, "main.raya") ? "main " : "")
        + (isRead(sources, "base.raya") ? "base " : "")
        + outcome.checked();
  }

  private static boolean isRead(SourceTree sources, String name) {
    return Objects.requireNonNull(sources.file(name)).isRead();
  }

  @Test
  void whatHasSettledIsNotReadAgain() throws IOException {
    assertThat(check(LATER)).isEqualTo("main base 2");
    assertThat(check(LATER)).isEqualTo("0");
    write("base.raya", "export function one(): int { return 2; }\n");
    assertThat(check(LATER)).as("a body").isEqualTo("base 1");
    assertThat(check(LATER)).isEqualTo("0");
    write("base.raya", "export function one(): number { return 2; }\n");
    assertThat(check(LATER))
        .as("an interface: the importer is read as well")
        .isEqualTo("main base 2");
  }

  @Test
  void whatWasJustWrittenIsReadAgain() throws IOException {
    assertThat(check(InstantSource.system())).isEqualTo("main base 2");
    assertThat(check(InstantSource.system())).isEqualTo("main base 0");
    assertThat(check(LATER)).as("settled by now").isEqualTo("main base 0");
    assertThat(check(LATER)).isEqualTo("0");
  }

  @Test
  void theSameSizeAndTimeDoNotHideAChange() throws IOException {
    FileTime then = Files.getLastModifiedTime(folder.resolve("base.raya"));
    assertThat(check(LATER)).isEqualTo("main base 2");
    write("base.raya", "export function one(): int { return 2; }\n");
    Files.setLastModifiedTime(folder.resolve("base.raya"), then);
    assertThat(check(LATER)).as("written in place").isEqualTo("base 1");
    write("other", "export function one(): int { return 3; }\n");
    Files.setLastModifiedTime(folder.resolve("other"), then);
    Files.move(
        folder.resolve("other"),
        folder.resolve("base.raya"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(check(LATER)).as("moved there").isEqualTo("base 1");
  }

  @Test
  void aFileThatChangesDuringACheckIsNoticed() throws IOException {
    write("base.raya", "export function one(): int { let n = 1; return 1; }\n"); // a warning
    CheckRecords first = records(LATER);
    compiler(SourceTree.folder(folder, first)).check(REQUEST, first);
    first.save();
    CheckRecords records = records(LATER);
    SourceFile base = Objects.requireNonNull(SourceTree.folder(folder, records).file("base.raya"));
    write("base.raya", "export function one(): string { return 1; }\n");
    assertThat(base.isRead()).isFalse();
    assertThatThrownBy(base::text).isInstanceOf(StaleSourceException.class);

    // The same within a check: it begins once more, with what lies there.
    write("base.raya", "export function one(): int { let n = 1; return 1; }\n");
    CheckRecords second = records(LATER);
    compiler(SourceTree.folder(folder, second)).check(REQUEST, second);
    second.save();
    CheckRecords third = records(LATER);
    IncrementalCheck.Outcome outcome =
        third.check(
            folder,
            sources -> {
              sources.file("base.raya");
              try {
                write("base.raya", "export function one(): int { return \"\"; }\n");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              return compiler(sources);
            },
            REQUEST);
    assertThat(outcome.diagnostics()).hasSize(1);
    assertThat(outcome.diagnostics().getFirst().code().name()).isEqualTo("E0301");
  }
}

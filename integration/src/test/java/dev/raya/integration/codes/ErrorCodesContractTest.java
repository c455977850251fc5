package dev.raya.integration.codes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.vm.bytecode.RbinErrorKind;
import dev.raya.vm.context.VmErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every code that the suite can print is explained, with the exit code of its class. */
final class ErrorCodesContractTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE =
      Pattern.compile("\"(RAYA-(?:PKG|RES|NET|SEC|REG|TC|CLI)-\\d{3}|RAYA-[EW]\\d{4})\"");

  @Test
  void everyCodeInTheSourcesIsInTheRegistry() throws IOException {
    TreeSet<String> unknown = new TreeSet<>();
    int found = 0;
    for (Path file : sources()) {
      Matcher code = CODE.matcher(Files.readString(file));
      while (code.find()) {
        found++;
        if (ErrorCodes.find(code.group(1)).isEmpty()) {
          unknown.add(code.group(1) + " in " + ROOT.relativize(file));
        }
      }
    }
    assertThat(found).isGreaterThan(50);
    assertThat(unknown).as("codes without an explanation").isEmpty();
  }

  @Test
  void everyKindOfBytecodeAndVmErrorIsInTheRegistry() {
    TreeSet<String> unknown = new TreeSet<>();
    for (RbinErrorKind kind : RbinErrorKind.values()) {
      if (ErrorCodes.find(kind.code()).isEmpty()) {
        unknown.add(kind.code());
      }
    }
    for (VmErrorKind kind : VmErrorKind.values()) {
      if (ErrorCodes.find(kind.code()).isEmpty()) {
        unknown.add(kind.code());
      }
    }
    assertThat(unknown).as("kinds without an explanation").isEmpty();
  }

  @Test
  void exitCodesAreThoseOfTheirArea() {
    for (ErrorCode code : ErrorCodes.all()) {
      int exit = code.exit();
      if (code.code().startsWith("RAYA-NET-")) {
        assertThat(exit).as(code.code()).isEqualTo(4);
      } else if (code.code().startsWith("RAYA-RBIN-")) {
        assertThat(exit).as(code.code()).isIn(List.of(3, 5));
      } else if (code.code().startsWith("RAYA-E") || code.code().startsWith("RAYA-RES-")) {
        assertThat(exit).as(code.code()).isEqualTo(1);
      } else if (code.code().startsWith("RAYA-SEC-")) {
        assertThat(exit).as(code.code()).isIn(List.of(3, 5));
      }
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/java/"))
          .sorted()
          .toList();
    }
  }
}

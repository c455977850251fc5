package dev.raya.cache.error;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the registry of error codes from its resources.
 *
 * <p>Nothing is kept between calls: a program asks when it has already failed, or for {@code
 * explain}, and one area's file is a few kilobytes.
 */
public final class ErrorCodes {
  private ErrorCodes() {}

  /** The entry of a code, or empty if there is none. Reads one area's file. */
  public static Optional<ErrorCode> find(String code) {
    return ErrorArea.of(code)
        .flatMap(area -> of(area).stream().filter(e -> e.code().equals(code)).findFirst());
  }

  /**
   * The exit code of a program that ends with {@code code}.
   *
   * @throws IllegalStateException if the code is not registered, which is a fault of the program
   */
  public static int exit(String code) {
    return find(code)
        .orElseThrow(() -> new IllegalStateException("error code " + code + " is not registered"))
        .exit();
  }

  /** All codes of one area, in the order of its file. */
  public static List<ErrorCode> of(ErrorArea area) {
    try (InputStream in = ErrorCodes.class.getResourceAsStream(area.resource())) {
      if (in == null) {
        throw new IllegalStateException("resource " + area.resource() + " is missing");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ErrorCodesReader.read(text, area.resource());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All codes, area by area in the order of {@link ErrorArea}. */
  public static List<ErrorCode> all() {
    List<ErrorCode> codes = new ArrayList<>();
    for (ErrorArea area : ErrorArea.values()) {
      codes.addAll(of(area));
    }
    return List.copyOf(codes);
  }
}

package dev.raya.toolchain.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The header that native modules are written against (vm.md 13.1): part of each toolchain, and
 * copied into new projects with a native module, so that they build without one.
 */
public final class NativeHeader {
  /** How sources include it. */
  public static final String NAME = "raya/module.h";

  /** Where it is in a toolchain. */
  static final String IN_TOOLCHAIN = "lib/native/include/" + NAME;

  private NativeHeader() {}

  /** The header. */
  public static String text() {
    try (InputStream in = NativeHeader.class.getResourceAsStream("include/" + NAME)) {
      if (in == null) {
        throw new IllegalStateException("the header is not among the resources");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}

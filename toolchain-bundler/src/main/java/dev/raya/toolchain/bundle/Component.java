package dev.raya.toolchain.bundle;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The parts of a toolchain that can be installed apart (toolchain.md section 2). */
public enum Component {
  RUNTIME,
  COMPILER,
  VM,
  NATIVE_LOADER,
  STDLIB,
  DOCS,
  DEBUG,
  KEYLESS;

  /** The name in {@code toolchain.json}, such as {@code native-loader}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The component of that name, or nothing if there is none. */
  public static Optional<Component> parse(String id) {
    return Arrays.stream(values()).filter(component -> component.id().equals(id)).findFirst();
  }
}

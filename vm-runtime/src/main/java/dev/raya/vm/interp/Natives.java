package dev.raya.vm.interp;

import dev.raya.vm.regexp.Regex;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.RNative;

/** What objects of the VM's own classes look like. */
final class Natives {
  private Natives() {}

  /** Returns the display form. */
  static String text(RNative object) {
    Object held = object.held;
    return switch (held) {
      case null -> object.cls.name + " {}";
      case Double ms -> DateBuiltins.iso(ms);
      case Regex regex -> "/" + regex.source() + "/" + regex.flags();
      case RegExpBuiltins.Match match ->
          "RegExpMatch { text: "
              + Display.quote(match.group(0))
              + ", index: "
              + match.spans()[0]
              + " }";
      case RBytes.Buffer buffer -> "ArrayBuffer(" + buffer.bytes.length + ")";
      case RBytes view -> "DataView(" + view.length + ")";
      default -> object.cls.name + " {}";
    };
  }
}

package dev.raya.registry.web;

/** What a capability allows, for people (spec: stdlib.md 1.1). */
final class CapabilityText {
  private CapabilityText() {}

  static String of(String capability) {
    return switch (capability) {
      case "fs.read" -> "reads files";
      case "fs.write" -> "writes files";
      case "net" -> "uses the network";
      case "env" -> "reads environment variables";
      case "process" -> "starts programs";
      case "time" -> "asks for the time";
      case "random" -> "asks for random numbers";
      default -> "loads native code";
    };
  }
}

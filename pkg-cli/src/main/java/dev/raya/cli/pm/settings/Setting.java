package dev.raya.cli.pm.settings;

import dev.raya.cli.console.Nearest;
import dev.raya.cli.console.UsageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the user's {@code config.toml}, its mirror in the environment and its default (cli.md
 * 6).
 *
 * @param key dotted key
 * @param variable the environment variable of the same meaning, or null
 * @param kind what its values look like
 * @param fallback what counts if nothing is set, for people
 */
public record Setting(String key, @Nullable String variable, Kind kind, String fallback) {

  /** What the values of a setting look like. */
  public sealed interface Kind {
    /** Any text. */
    record Text() implements Kind {}

    /** A list of words. */
    record Words() implements Kind {}

    /** True or false. */
    record Truth() implements Kind {}

    /**
     * A number.
     *
     * @param low the least
     * @param high the greatest
     */
    record Number(long low, long high) implements Kind {}

    /** A number and a unit of time. */
    record Duration() implements Kind {}

    /** A number and a unit of bytes. */
    record Size() implements Kind {}

    /**
     * One of some words.
     *
     * @param words the words
     */
    record Choice(List<String> words) implements Kind {
      /** Copies the list. */
      public Choice {
        words = List.copyOf(words);
      }
    }
  }

  private static final String REGISTRIES = "registries.";
  private static final List<String> OF_REGISTRY = List.of("url", "root", "mirrors");

  /** All settings but those of {@code [registries.NAME]}. */
  public static final List<Setting> ALL =
      List.of(
          new Setting("registry", "RAYA_REGISTRY", new Kind.Text(), "none"),
          new Setting("keys.default", "RAYA_KEY", new Kind.Text(), "none"),
          choice("trust.level", "RAYA_TRUST_LEVEL", "normal", "permissive", "normal", "strict"),
          new Setting(
              "trust.min-release-age",
              "RAYA_MIN_RELEASE_AGE",
              new Kind.Duration(),
              "the registry's policy"),
          new Setting("trust.min-release-age-exclude", null, new Kind.Words(), "none"),
          new Setting("toolchain.default", "RAYA_TOOLCHAIN", new Kind.Text(), "this one"),
          new Setting("policy.allow-licenses", null, new Kind.Words(), "any"),
          new Setting("policy.deny-licenses", null, new Kind.Words(), "none"),
          new Setting(
              "policy.advisories", null, new Kind.Choice(List.of("refuse", "report")), "report"),
          truth("network.offline", "RAYA_OFFLINE"),
          new Setting("network.timeout", "RAYA_TIMEOUT", new Kind.Duration(), "30s"),
          new Setting("network.retries", null, new Kind.Number(0, 20), "3"),
          new Setting("network.jobs", "RAYA_JOBS", new Kind.Number(1, 256), "cores, 32 transfers"),
          new Setting("network.proxy", "HTTPS_PROXY", new Kind.Text(), "none"),
          new Setting("network.ca-file", "RAYA_CA_FILE", new Kind.Text(), "none"),
          truth("install.frozen", "RAYA_FROZEN"),
          new Setting("cache.max-size", "RAYA_CACHE_MAX_SIZE", new Kind.Size(), "10GB"),
          choice("output.format", "RAYA_OUTPUT", "text", "text", "json", "jsonl"),
          choice("output.color", "RAYA_COLOR", "auto", "auto", "always", "never"),
          choice("output.progress", "RAYA_PROGRESS", "auto", "auto", "always", "never"),
          choice("output.log-level", "RAYA_LOG_LEVEL", "warn", "error", "warn", "info", "debug"),
          new Setting("llm.budget", "RAYA_LLM_BUDGET", new Kind.Number(1, 10_000_000), "12000"));

  private static Setting truth(String key, String variable) {
    return new Setting(key, variable, new Kind.Truth(), "false");
  }

  private static Setting choice(String key, String variable, String fallback, String... words) {
    return new Setting(key, variable, new Kind.Choice(List.of(words)), fallback);
  }

  /** The keys of {@link #ALL}. */
  public static List<String> keys() {
    return ALL.stream().map(Setting::key).toList();
  }

  /**
   * Whether a key belongs to a registry: {@code registries.NAME.url}, {@code root}, {@code
   * mirrors}.
   */
  public static boolean isOfRegistry(String key) {
    int dot = key.lastIndexOf('.');
    return key.startsWith(REGISTRIES)
        && dot > REGISTRIES.length()
        && OF_REGISTRY.contains(key.substring(dot + 1));
  }

  /**
   * The setting of a key.
   *
   * @throws UsageException if there is none
   */
  public static Setting of(String key) throws UsageException {
    for (Setting setting : ALL) {
      if (setting.key.equals(key)) {
        return setting;
      }
    }
    if (isOfRegistry(key)) {
      Kind kind = key.endsWith(".mirrors") ? new Kind.Words() : new Kind.Text();
      return new Setting(key, null, kind, "none");
    }
    List<String> names = new ArrayList<>(keys());
    String near = Nearest.of(key, names);
    throw near == null
        ? new UsageException(
            "there is no setting \"" + key + "\"", "`raya-pm config list --all` shows all of them")
        : new UsageException("there is no setting \"" + key + "\"", "did you mean " + near + "?");
  }

  /**
   * The value as TOML holds it: a boolean, a number, a list or a string.
   *
   * @throws UsageException if the setting cannot have it
   */
  Object value(String text) throws UsageException {
    return switch (kind) {
      case Kind.Text() -> text;
      case Kind.Words() -> List.of(text.strip().split("[, ]+", -1));
      case Kind.Truth() ->
          switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw wrong(text, "true or false");
          };
      case Kind.Number(long low, long high) -> number(text, low, high);
      case Kind.Duration() -> {
        if (Durations.parse(text).isEmpty()) {
          throw wrong(text, "a number and s, m, h, d or w, for example 30s");
        }
        yield text;
      }
      case Kind.Size() -> {
        if (!text.matches("[0-9]{1,15}(kB|MB|GB|KiB|MiB|GiB)")) {
          throw wrong(text, "a number and kB, MB, GB, KiB, MiB or GiB, for example 10GB");
        }
        yield text;
      }
      case Kind.Choice(List<String> words) -> {
        if (!words.contains(text)) {
          throw wrong(text, String.join(", ", words));
        }
        yield text;
      }
    };
  }

  private long number(String text, long low, long high) throws UsageException {
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= low && number <= high) {
        return number;
      }
    }
    throw wrong(text, "a number from " + low + " to " + high);
  }

  private UsageException wrong(String text, String expected) {
    return new UsageException(key + " cannot be \"" + text + "\"", "it takes " + expected);
  }
}

package dev.raya.cli.console;

import java.util.List;

/**
 * The options every command of every program has (cli.md 1), and the variables that mirror them.
 */
public final class CommonOptions {
  /** Output format. */
  public static final OptionSpec OUTPUT =
      OptionSpec.value("--output", "FORMAT", "text, json or jsonl")
          .choices(List.of("text", "json", "jsonl"))
          .mirror("RAYA_OUTPUT")
          .asCommon();

  /** JSON fitted to a token budget. */
  public static final OptionSpec LLM =
      OptionSpec.flag("--llm", "JSON fitted to a token budget").asCommon();

  /** That budget. */
  public static final OptionSpec LLM_BUDGET =
      OptionSpec.value("--llm-budget", "N", "tokens for --llm (12000)")
          .mirror("RAYA_LLM_BUDGET")
          .asCommon();

  /** Colour. */
  public static final OptionSpec COLOR =
      OptionSpec.value("--color", "WHEN", "auto, always or never")
          .choices(List.of("auto", "always", "never"))
          .mirror("RAYA_COLOR")
          .asCommon();

  /** Less. */
  public static final OptionSpec QUIET =
      OptionSpec.flag("--quiet", "print results and errors only").shortName("-q").asCommon();

  /** More. */
  public static final OptionSpec VERBOSE =
      OptionSpec.flag("--verbose", "say what is being done").shortName("-v").asCommon();

  /** Log level. */
  public static final OptionSpec LOG_LEVEL =
      OptionSpec.value("--log-level", "LEVEL", "error, warn, info or debug")
          .choices(List.of("error", "warn", "info", "debug"))
          .mirror("RAYA_LOG_LEVEL")
          .asCommon();

  /** No network. */
  public static final OptionSpec OFFLINE =
      OptionSpec.flag("--offline", "never open a socket").mirror("RAYA_OFFLINE").asCommon();

  /** The lockfile may not change. */
  public static final OptionSpec FROZEN =
      OptionSpec.flag("--frozen", "fail if the lockfile would change")
          .mirror("RAYA_FROZEN")
          .asCommon();

  /** Parallel work. */
  public static final OptionSpec JOBS =
      OptionSpec.value("--jobs", "N", "how much to do at once")
          .shortName("-j")
          .mirror("RAYA_JOBS")
          .asCommon();

  /** Working directory. */
  public static final OptionSpec CWD =
      OptionSpec.value("--cwd", "DIR", "work in this directory").shortName("-C").asCommon();

  /** Registry. */
  public static final OptionSpec REGISTRY =
      OptionSpec.value("--registry", "URL", "the default registry: a name or a URL")
          .mirror("RAYA_REGISTRY")
          .asCommon();

  /** The registry's pinned root. */
  public static final OptionSpec TRUST_ROOT =
      OptionSpec.value("--trust-root", "sha256:HEX", "the default registry's root")
          .mirror("RAYA_TRUST_ROOT")
          .asCommon();

  /** Another user configuration. */
  public static final OptionSpec CONFIG =
      OptionSpec.value("--config", "FILE", "read this config.toml")
          .mirror("RAYA_CONFIG")
          .asCommon();

  /** No progress. */
  public static final OptionSpec NO_PROGRESS =
      OptionSpec.flag("--no-progress", "show no progress").asCommon();

  /** No questions. */
  public static final OptionSpec NO_INPUT =
      OptionSpec.flag("--no-input", "ask nothing").mirror("RAYA_NO_INPUT").asCommon();

  /** Network patience. */
  public static final OptionSpec TIMEOUT =
      OptionSpec.value("--timeout", "DURATION", "give up on a silent network (30s)")
          .mirror("RAYA_TIMEOUT")
          .asCommon();

  /** Help. */
  public static final OptionSpec HELP =
      OptionSpec.flag("--help", "print this help").shortName("-h").asCommon();

  /** All of them, in the order of the help text. */
  public static final List<OptionSpec> ALL =
      List.of(
          OFFLINE,
          FROZEN,
          JOBS,
          CWD,
          REGISTRY,
          TRUST_ROOT,
          CONFIG,
          TIMEOUT,
          OUTPUT,
          LLM,
          LLM_BUDGET,
          COLOR,
          NO_PROGRESS,
          NO_INPUT,
          QUIET,
          VERBOSE,
          LOG_LEVEL,
          HELP);

  private CommonOptions() {}
}

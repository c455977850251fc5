package dev.raya.cli.pm.fetch;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What goes wrong between client and registry, as findings. */
public final class Failures {
  private Failures() {}

  /** RAYA-NET-001. */
  static CommandException unreachable(URI uri, Exception cause) {
    String why;
    if (cause instanceof UnknownHostException
        || cause.getCause() instanceof UnresolvedAddressException) {
      why = "no such host";
    } else if (cause instanceof ConnectException) {
      why = "nobody answers there";
    } else {
      why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
    return new CommandException(
        "RAYA-NET-001",
        "the registry at " + at(uri) + " cannot be reached: " + why,
        "check the address (--registry, RAYA_REGISTRY) and the network",
        "--offline works with what the cache holds");
  }

  /** RAYA-NET-002. */
  static CommandException tooSlow(URI uri, Duration timeout) {
    return new CommandException(
        "RAYA-NET-002",
        at(uri) + " gave less than 1 KiB a second for " + timeout.toMillis() / 1000.0 + " s",
        "try again, or allow more time with --timeout");
  }

  /** RAYA-NET-004. */
  public static CommandException notARegistry(URI uri, String why) {
    return new CommandException(
        "RAYA-NET-004",
        uri + " is not a registry's answer: " + why,
        "check the address (--registry, RAYA_REGISTRY)");
  }

  /**
   * The failure that an answer states: a registry's problem document by its own code, anything else
   * as RAYA-NET-004.
   */
  public static CommandException refused(Answer answer) {
    Finding problem = problem(answer);
    if (problem != null) {
      return new CommandException(problem);
    }
    if (answer.status() == 429 || answer.status() == 503) {
      String after = answer.header("Retry-After");
      boolean inSeconds = after != null && after.matches("[0-9]{1,9}");
      return new CommandException(
          "RAYA-NET-005",
          at(answer.uri())
              + (answer.status() == 429 ? " asks to slow down" : " cannot answer at the moment"),
          inSeconds ? "try again in " + after + " seconds" : "try again later");
    }
    String beginning = answer.beginning();
    return notARegistry(
        answer.uri(), "status " + answer.status() + (beginning.isEmpty() ? "" : ": " + beginning));
  }

  private static @Nullable Finding problem(Answer answer) {
    String type = answer.header("Content-Type");
    if (type == null || !type.startsWith("application/problem+json")) {
      return null;
    }
    try {
      if (JsonReader.read(answer.body()) instanceof Json.Obj document
          && document.get("code") instanceof Json.Str(String code)
          && code.startsWith("RAYA-")) {
        String title = text(document, "title");
        String detail = text(document, "detail");
        String message = detail != null ? detail : title != null ? title : "refused";
        Finding finding = Finding.error(code, message);
        String hint = text(document, "hint");
        if (hint != null) {
          finding = finding.note(hint);
        }
        if (document.get("errors") instanceof Json.Array errors) {
          for (Json each : errors.items()) {
            if (each instanceof Json.Obj error) {
              String pointer = text(error, "pointer");
              String what = text(error, "detail");
              if (what != null) {
                finding = finding.note(pointer == null ? what : pointer + ": " + what);
              }
            }
          }
        }
        return finding;
      }
    } catch (JsonException malformed) {
      return null;
    }
    return null;
  }

  private static @Nullable String text(Json.Obj document, String member) {
    return document.get(member) instanceof Json.Str(String value) ? value : null;
  }

  private static String at(URI uri) {
    return uri.getScheme() + "://" + uri.getAuthority();
  }
}

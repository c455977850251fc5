package dev.raya.cli.console;

import dev.raya.cache.error.ErrorCode;
import dev.raya.cache.error.ErrorCodes;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fits an envelope into a budget of tokens, a token being four bytes of UTF-8 (cli.md 1). The same
 * document and budget always give the same answer.
 *
 * <p>What goes, goes in stages: explanations and graphs; long quotations; secondary spans; the
 * other notes; fixes; the result; the tail of long messages. Within a stage the last goes first,
 * and no more than must. What stays in any case is code, severity, title, primary span and a short
 * message of every diagnostic; if even that is too much, one diagnostic names the budget needed.
 */
public final class LlmReducer {
  /** Bytes that count as one token. */
  private static final int BYTES_PER_TOKEN = 4;

  /** Strings of the result longer than this count as quotations. */
  private static final int LONG_TEXT = 240;

  /** Messages are never cut below this many UTF-16 units. */
  private static final int SHORT_MESSAGE = 160;

  /** What a stage drops; the order of the constants is the order of the stages. */
  private enum Stage {
    EXPLANATIONS("explanations"),
    EXCERPTS("excerpts"),
    SECONDARY_SPANS("secondarySpans"),
    NOTES("notes"),
    FIXES("fixes"),
    RESULT("result"),
    MESSAGES("longMessages");

    private final String word;

    Stage(String word) {
      this.word = word;
    }
  }

  private LlmReducer() {}

  /** The tokens of a text. */
  public static int tokens(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  /**
   * The envelope in at most {@code budget} tokens; without trailing newline.
   *
   * @param envelope a document of schema {@code raya/1}
   * @param budget tokens, at least 1
   */
  static String reduce(Json.Obj envelope, int budget) {
    Json.Obj whole = titled(envelope);
    Map<Stage, Integer> dropped = new LinkedHashMap<>();
    for (Stage stage : Stage.values()) {
      String text = fitting(whole, dropped, budget);
      if (text != null) {
        return text;
      }
      int items = new Cut(stage, Integer.MAX_VALUE).count(whole);
      if (items == 0) {
        continue;
      }
      int least = 1;
      int most = items;
      while (least < most) {
        int middle = (least + most) / 2;
        if (fitting(cut(whole, stage, middle, items), with(dropped, stage, middle), budget)
            != null) {
          most = middle;
        } else {
          least = middle + 1;
        }
      }
      whole = cut(whole, stage, least, items);
      dropped.put(stage, least);
    }
    String text = fitting(whole, dropped, budget);
    return text != null ? text : tooSmall(whole, dropped, budget);
  }

  private static Json.Obj cut(Json.Obj document, Stage stage, int drop, int items) {
    return (Json.Obj) new Cut(stage, items - drop).apply(document);
  }

  private static Map<Stage, Integer> with(Map<Stage, Integer> dropped, Stage stage, int count) {
    Map<Stage, Integer> more = new LinkedHashMap<>(dropped);
    more.put(stage, count);
    return more;
  }

  /** The document with its report, if that fits. */
  private static @Nullable String fitting(
      Json.Obj document, Map<Stage, Integer> dropped, int budget) {
    String text = CanonicalJson.text(reported(document, dropped, budget));
    return tokens(text) <= budget ? text : null;
  }

  private static Json.Obj reported(Json.Obj document, Map<Stage, Integer> dropped, int budget) {
    Json.ObjectBuilder counts = Json.object();
    for (Map.Entry<Stage, Integer> entry : dropped.entrySet()) {
      counts.put(entry.getKey().word, entry.getValue());
    }
    Map<String, Json> members = new LinkedHashMap<>(document.members());
    members.put(
        "reduced", Json.object().put("budget", budget).put("dropped", counts.build()).build());
    return new Json.Obj(members);
  }

  private static String tooSmall(Json.Obj whole, Map<Stage, Integer> dropped, int budget) {
    int needed = tokens(CanonicalJson.text(reported(whole, dropped, budget)));
    // The report names the budget; a longer number makes the document a little longer.
    needed = tokens(CanonicalJson.text(reported(whole, dropped, needed)));
    Finding finding =
        Finding.error(
            UsageException.CODE,
            "the answer does not fit into " + budget + " tokens; it needs " + needed,
            "write --llm-budget " + needed);
    Map<String, Json> members = new LinkedHashMap<>(whole.members());
    members.put("diagnostics", new Json.Array(List.of(finding.json())));
    members.put("result", new Json.Null());
    return CanonicalJson.text(new Json.Obj(members));
  }

  /** The envelope with each diagnostic's title, which the registry of codes knows. */
  private static Json.Obj titled(Json.Obj envelope) {
    Map<String, Json> members = new LinkedHashMap<>(envelope.members());
    if (members.get("diagnostics") instanceof Json.Array(List<Json> items)) {
      List<Json> titled = new ArrayList<>();
      for (Json item : items) {
        Map<String, Json> diagnostic = new LinkedHashMap<>(((Json.Obj) item).members());
        if (diagnostic.get("code") instanceof Json.Str(String code)) {
          ErrorCode known = ErrorCodes.find(code).orElse(null);
          if (known != null) {
            diagnostic.put("title", new Json.Str(known.title()));
          }
        }
        if (diagnostic.get("notes") instanceof Json.Array(List<Json> notes)) {
          diagnostic.put("notes", new Json.Array(notes.stream().map(LlmReducer::plain).toList()));
        }
        titled.add(new Json.Obj(diagnostic));
      }
      members.put("diagnostics", new Json.Array(titled));
    }
    return new Json.Obj(members);
  }

  /** A note without the hint for people's output that it stands in the excerpt too. */
  private static Json plain(Json note) {
    Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) note).members());
    members.remove("inExcerpt");
    return new Json.Obj(members);
  }

  /** Walks a document in order and drops a stage's items beyond the first {@code keep}. */
  private static final class Cut {
    private final Stage stage;
    private final int keep;
    private int seen;

    Cut(Stage stage, int keep) {
      this.stage = stage;
      this.keep = keep;
    }

    int count(Json.Obj document) {
      Json unchanged = apply(document);
      if (!unchanged.equals(document)) {
        throw new IllegalStateException("counting changed the document");
      }
      return seen;
    }

    Json apply(Json.Obj document) {
      Map<String, Json> members = new LinkedHashMap<>();
      for (Map.Entry<String, Json> entry : document.members().entrySet()) {
        String name = entry.getKey();
        Json value = entry.getValue();
        if (name.equals("result")) {
          members.put(name, result(value));
        } else if (name.equals("diagnostics") && value instanceof Json.Array(List<Json> items)) {
          List<Json> kept = new ArrayList<>();
          for (Json item : items) {
            kept.add(diagnostic((Json.Obj) item));
          }
          members.put(name, new Json.Array(kept));
        } else {
          members.put(name, value);
        }
      }
      return new Json.Obj(members);
    }

    private boolean drops() {
      return seen++ >= keep;
    }

    private Json result(Json value) {
      if (stage == Stage.RESULT) {
        return value instanceof Json.Null || !drops() ? value : new Json.Null();
      }
      return stage == Stage.EXPLANATIONS || stage == Stage.EXCERPTS ? within(value) : value;
    }

    private Json within(Json value) {
      return switch (value) {
        case Json.Obj(Map<String, Json> members) -> {
          Map<String, Json> kept = new LinkedHashMap<>();
          for (Map.Entry<String, Json> entry : members.entrySet()) {
            String name = entry.getKey();
            boolean verbose =
                name.equals("explanation") || name.equals("graph") || name.equals("derivation");
            if (stage == Stage.EXPLANATIONS && verbose) {
              if (!drops()) {
                kept.put(name, entry.getValue());
              }
            } else {
              kept.put(name, within(entry.getValue()));
            }
          }
          yield new Json.Obj(kept);
        }
        case Json.Array(List<Json> items) -> {
          List<Json> kept = new ArrayList<>();
          for (Json item : items) {
            kept.add(within(item));
          }
          yield new Json.Array(kept);
        }
        case Json.Str(String text) when stage == Stage.EXCERPTS && text.length() > LONG_TEXT ->
            drops() ? new Json.Str(shortened(text, LONG_TEXT)) : value;
        default -> value;
      };
    }

    private Json diagnostic(Json.Obj value) {
      Map<String, Json> kept = new LinkedHashMap<>();
      for (Map.Entry<String, Json> entry : value.members().entrySet()) {
        Json member = entry.getValue();
        switch (entry.getKey()) {
          case "explanation" -> {
            if (stage != Stage.EXPLANATIONS || !drops()) {
              kept.put(entry.getKey(), member);
            }
          }
          case "excerpt" -> {
            if (stage != Stage.EXCERPTS || !drops()) {
              kept.put(entry.getKey(), member);
            }
          }
          case "notes" -> kept.put(entry.getKey(), notes((Json.Array) member));
          case "fixes" -> {
            boolean some = !((Json.Array) member).items().isEmpty();
            kept.put(
                entry.getKey(),
                stage == Stage.FIXES && some && drops() ? new Json.Array(List.of()) : member);
          }
          case "message" -> {
            boolean cut =
                stage == Stage.MESSAGES
                    && member instanceof Json.Str(String text)
                    && text.length() > SHORT_MESSAGE
                    && drops();
            kept.put(
                entry.getKey(),
                cut ? new Json.Str(shortened(((Json.Str) member).value(), SHORT_MESSAGE)) : member);
          }
          default -> kept.put(entry.getKey(), member);
        }
      }
      return new Json.Obj(kept);
    }

    private Json notes(Json.Array notes) {
      List<Json> kept = new ArrayList<>();
      for (Json note : notes.items()) {
        Map<String, Json> members = new LinkedHashMap<>(((Json.Obj) note).members());
        if (stage == Stage.NOTES && drops()) {
          continue;
        }
        if (stage == Stage.EXCERPTS && members.containsKey("excerpt") && drops()) {
          members.remove("excerpt");
        }
        if (stage == Stage.SECONDARY_SPANS && members.containsKey("span") && drops()) {
          members.remove("span");
        }
        kept.add(new Json.Obj(members));
      }
      return new Json.Array(kept);
    }

    private static String shortened(String text, int length) {
      int end = length - 1;
      if (Character.isHighSurrogate(text.charAt(end - 1))) {
        end--;
      }
      return text.substring(0, end) + "…";
    }
  }
}

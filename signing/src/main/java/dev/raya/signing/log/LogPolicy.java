package dev.raya.signing.log;

import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which logs are believed, and which witnesses must have cosigned a checkpoint (C2SP tlog-policy).
 * Immutable.
 */
public final class LogPolicy {
  /** Largest policy that is read. */
  public static final int MAX_BYTES = 256 << 10;

  /** Most logs, witnesses and groups each. */
  private static final int MAX_NAMES = 256;

  private static final String NONE = "none";

  private sealed interface Member {
    record Witness(NoteKey key) implements Member {}

    record Group(int threshold, List<Member> members) implements Member {}
  }

  private final List<NoteKey> logs;
  private final List<NoteKey> witnesses;
  private final Map<NoteKey, String> labels;
  private final @Nullable Member quorum;

  private LogPolicy(
      List<NoteKey> logs,
      List<NoteKey> witnesses,
      Map<NoteKey, String> labels,
      @Nullable Member quorum) {
    this.logs = List.copyOf(logs);
    this.witnesses = List.copyOf(witnesses);
    this.labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    this.quorum = quorum;
  }

  /** The keys of logs. */
  public List<NoteKey> logs() {
    return logs;
  }

  /** The keys of witnesses. */
  public List<NoteKey> witnesses() {
    return witnesses;
  }

  /** The name of a log's own witness, which no other party runs. */
  public static final String LOCAL = "local";

  /**
   * Reads a policy.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} and the line that is malformed
   */
  public static LogPolicy parse(String text) throws SigningException {
    return new Reader().read(text);
  }

  /**
   * A checkpoint that satisfies the policy.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if no log of the policy signed it, with
   *     {@link Code#WITNESS_QUORUM} if too few witnesses cosigned it
   */
  public Checkpoint verify(byte[] note) throws SigningException {
    SignedNote signed = SignedNote.parse(note);
    Checkpoint checkpoint = Checkpoint.parse(signed.text());
    checkpoint.requireLog(signed, logs);
    Set<NoteKey> cosigners = signed.signers(witnesses);
    if (quorum != null && !isMet(quorum, cosigners)) {
      throw new SigningException(
          Code.WITNESS_QUORUM,
          "the checkpoint of "
              + checkpoint.origin()
              + " is cosigned by "
              + cosigners.size()
              + " of "
              + witnesses.size()
              + " witnesses, which the policy finds too few");
    }
    return checkpoint;
  }

  /**
   * The witnesses that cosigned a checkpoint, by the names that the policy gives them. Whatever it
   * calls it, a witness of the log's own is {@link #LOCAL}: one with a key of a log, or whose key's
   * name lies below a log's.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is no note, or a known witness's
   *     signature does not verify
   */
  public Set<String> cosigners(byte[] note) throws SigningException {
    Set<String> names = new LinkedHashSet<>();
    for (NoteKey key : SignedNote.parse(note).signers(witnesses)) {
      names.add(isOwn(key) ? LOCAL : labels.getOrDefault(key, key.name()));
    }
    return names;
  }

  private boolean isOwn(NoteKey witness) {
    return logs.stream()
        .anyMatch(log -> witness.sameMaterial(log) || witness.name().startsWith(log.name() + '/'));
  }

  private static boolean isMet(Member member, Set<NoteKey> cosigners) {
    return switch (member) {
      case Member.Witness(NoteKey key) -> cosigners.contains(key);
      // Groups name only what stands before them, so this ends after at most MAX_NAMES levels.
      case Member.Group(int threshold, List<Member> members) ->
          members.stream().filter(each -> isMet(each, cosigners)).count() >= threshold;
    };
  }

  /** Reads line by line; names must be defined before they are used. */
  private static final class Reader {
    private final List<NoteKey> logs = new ArrayList<>();
    private final List<NoteKey> witnesses = new ArrayList<>();
    private final Map<NoteKey, String> labels = new LinkedHashMap<>();
    private final Map<String, Member> names = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private @Nullable Member quorum;
    private boolean decided;

    LogPolicy read(String text) throws SigningException {
      if (text.length() > MAX_BYTES) {
        throw refused(0, "it has more than " + MAX_BYTES + " characters");
      }
      if (!text.isEmpty() && !text.endsWith("\n")) {
        throw refused(0, "the last line does not end");
      }
      if (text.chars().anyMatch(c -> (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)) {
        throw refused(0, "it has control characters");
      }
      int number = 0;
      for (String line : text.split("\n", -1)) {
        number++;
        List<String> items = items(line);
        if (!items.isEmpty() && !items.getFirst().startsWith("#")) {
          line(number, items);
        }
      }
      if (!decided) {
        throw refused(number, "there is no quorum line");
      }
      return new LogPolicy(logs, witnesses, labels, quorum);
    }

    private static List<String> items(String line) {
      List<String> items = new ArrayList<>();
      for (String item : line.split("[ \t]+", -1)) {
        if (!item.isEmpty()) {
          items.add(item);
        }
      }
      return items;
    }

    private void line(int number, List<String> items) throws SigningException {
      int count = items.size();
      switch (items.getFirst()) {
        case "log" -> {
          expect(number, count == 2 || count == 3, "log VKEY [URL]");
          add(number, logs, NoteKey.parse(items.get(1)));
        }
        case "witness" -> {
          expect(number, count == 3 || count == 4, "witness NAME VKEY [URL]");
          NoteKey key = NoteKey.parse(items.get(2));
          expect(number, key.type().isCosignature(), "a key that makes cosignatures");
          add(number, witnesses, key);
          labels.put(key, items.get(1));
          define(number, items.get(1), new Member.Witness(key));
        }
        case "group" -> {
          expect(number, count >= 4, "group NAME all|any|K NAME…");
          define(number, items.get(1), group(number, items.get(2), items.subList(3, count)));
        }
        case "quorum" -> {
          expect(number, count == 2 && !decided, "one line: quorum NAME");
          decided = true;
          quorum = items.get(1).equals(NONE) ? null : known(number, items.get(1));
        }
        default -> throw refused(number, "unknown word \"" + items.getFirst() + '"');
      }
    }

    private static void expect(int number, boolean holds, String what) throws SigningException {
      if (!holds) {
        throw refused(number, "expected " + what);
      }
    }

    private static void add(int number, List<NoteKey> keys, NoteKey key) throws SigningException {
      expect(number, keys.stream().noneMatch(key::sameMaterial), "each key once");
      expect(number, keys.size() < MAX_NAMES, "at most " + MAX_NAMES + " keys");
      keys.add(key);
    }

    private void define(int number, String name, Member member) throws SigningException {
      expect(number, !name.equals(NONE) && !names.containsKey(name), "a new name");
      expect(number, names.size() < 2 * MAX_NAMES, "at most " + 2 * MAX_NAMES + " names");
      names.put(name, member);
    }

    private Member known(int number, String name) throws SigningException {
      Member member = names.get(name);
      if (member == null) {
        throw refused(number, "\"" + name + "\" is not defined above");
      }
      return member;
    }

    private Member group(int number, String threshold, List<String> members)
        throws SigningException {
      List<Member> list = new ArrayList<>();
      for (String name : members) {
        list.add(known(number, name));
        expect(number, used.add(name), "each name in one group");
      }
      long least =
          switch (threshold) {
            case "all" -> list.size();
            case "any" -> 1;
            default -> Checkpoint.decimal(threshold);
          };
      expect(number, least >= 1 && least <= list.size(), "a threshold of 1 to " + list.size());
      return new Member.Group((int) least, list);
    }

    private static SigningException refused(int line, String why) {
      return new SigningException(
          Code.NOT_IN_LOG, "log policy" + (line == 0 ? "" : " line " + line) + ": " + why);
    }
  }
}

package dev.raya.signing.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One change of a good bundle, anywhere, and it is refused. */
final class SigstoreMutationTest {
  /** A changed bundle, with the place and kind of its change. */
  private record Change(String place, Json bundle) {}

  @Test
  void everyChangeOfAGoodBundleIsRefused() throws IOException, JsonException, SigningException {
    List<String> accepted = new ArrayList<>();
    int seen = 0;
    for (SigstoreCase each : SigstoreCase.all()) {
      if (each.accepted()) {
        for (Change change : changes("", JsonReader.read(each.bundle()))) {
          seen++;
          if (!isUnvouched(change.place()) && accepts(each, CanonicalJson.bytes(change.bundle()))) {
            accepted.add(each.name() + ' ' + change.place());
          }
        }
      }
    }
    assertThat(seen).isGreaterThan(2_000);
    assertThat(accepted).isEmpty();
  }

  @Test
  void bothContentsInOneBundleAreRefused() throws IOException, JsonException, SigningException {
    Json.Obj envelope = contents("rekor2-dsse-happy-path");
    Json.Obj message = contents("rekor2-happy-path");
    for (SigstoreCase each : SigstoreCase.all()) {
      if (each.accepted() && JsonReader.read(each.bundle()) instanceof Json.Obj bundle) {
        Map<String, Json> both = new LinkedHashMap<>(bundle.members());
        envelope.members().forEach(both::putIfAbsent);
        message.members().forEach(both::putIfAbsent);
        assertThat(accepts(each, CanonicalJson.bytes(new Json.Obj(both)))).isFalse();
      }
    }
  }

  private static Json.Obj contents(String name)
      throws IOException, JsonException, SigningException {
    for (SigstoreCase each : SigstoreCase.all()) {
      if (each.name().equals(name) && JsonReader.read(each.bundle()) instanceof Json.Obj bundle) {
        return bundle;
      }
    }
    throw new IllegalStateException(name);
  }

  private static boolean accepts(SigstoreCase each, byte[] changed) {
    try {
      each.verify(changed, each.byPath());
      return true;
    } catch (SigningException refused) {
      return false;
    }
  }

  /** What no signature covers and the format lets be absent; decision 0150 lists it. */
  private static boolean isUnvouched(String place) {
    return place.equals("/messageSignature/messageDigest dropped")
        || place.endsWith("/keyid dropped")
        || place.equals("/verificationMaterial/publicKey/hint dropped")
        || place.equals("/verificationMaterial/publicKey/hint emptied")
        || place.startsWith("/verificationMaterial/publicKey/hint longer")
        || place.startsWith("/verificationMaterial/timestampVerificationData")
            && place.endsWith(" dropped");
  }

  /**
   * The JSON mapping of protobuf may leave out a zero and an empty list: the message is the same.
   */
  private static boolean isDefault(Json member) {
    return member.equals(new Json.Str("0")) || member.equals(new Json.Array(List.of()));
  }

  private static List<Change> changes(String place, Json value) {
    List<Change> changes = new ArrayList<>();
    switch (value) {
      case Json.Obj(Map<String, Json> members) -> {
        members.forEach(
            (name, member) -> {
              String at = place + '/' + name;
              Map<String, Json> without = new LinkedHashMap<>(members);
              without.remove(name);
              if (!isDefault(member)) {
                changes.add(new Change(at + " dropped", new Json.Obj(without)));
              }
              for (Change inner : changes(at, member)) {
                Map<String, Json> changed = new LinkedHashMap<>(members);
                changed.put(name, inner.bundle());
                changes.add(new Change(inner.place(), new Json.Obj(changed)));
              }
            });
        Map<String, Json> more = new LinkedHashMap<>(members);
        more.put("unknown", new Json.Str("x"));
        changes.add(new Change(place + " unknown member", new Json.Obj(more)));
      }
      case Json.Array(List<Json> items) -> {
        for (int i = 0; i < items.size(); i++) {
          List<Json> without = new ArrayList<>(items);
          without.remove(i);
          changes.add(new Change(place + '/' + i + " dropped", new Json.Array(without)));
          List<Json> twice = new ArrayList<>(items);
          twice.add(items.get(i));
          changes.add(new Change(place + '/' + i + " doubled", new Json.Array(twice)));
          for (Change inner : changes(place + '/' + i, items.get(i))) {
            List<Json> changed = new ArrayList<>(items);
            changed.set(i, inner.bundle());
            changes.add(new Change(inner.place(), new Json.Array(changed)));
          }
        }
      }
      case Json.Str(String text) -> strings(place, text, changes);
      case Json.Int(long number) -> {
        changes.add(new Change(place + " one more", new Json.Int(number + 1)));
        changes.add(new Change(place + " zero", new Json.Int(0)));
      }
      case Json.Null() -> changes.add(new Change(place + " true", new Json.Bool(true)));
      case Json.Bool(boolean b) -> changes.add(new Change(place + " other", new Json.Bool(!b)));
      case Json.Real(double d) ->
          changes.add(new Change(place + " one more", new Json.Real(d + 1)));
    }
    return changes;
  }

  private static void strings(String place, String text, List<Change> changes) {
    if (place.equals("/mediaType")) {
      changes.add(new Change(place + " other", new Json.Str("application/json")));
      return;
    }
    if (!text.isEmpty()) {
      changes.add(new Change(place + " emptied", new Json.Str("")));
    }
    changes.add(new Change(place + " longer", new Json.Str(text + 'A')));
    if (text.matches("[0-9]+")) {
      long number = Long.parseLong(text);
      changes.add(new Change(place + " one more", new Json.Str(Long.toString(number + 1))));
      changes.add(new Change(place + " negative", new Json.Str("-" + number)));
    } else if (text.contains("\n")) {
      // A checkpoint: only its text and the log's own signature, the first, are vouched for.
      int end = text.indexOf('\n', text.indexOf("\n\n") + 2);
      for (int i = 0; i < end; i += 1 + end / 12) {
        changes.add(new Change(place + " character " + i, new Json.Str(flipped(text, i))));
      }
    } else {
      bytes(place, text, changes);
    }
  }

  private static String flipped(String text, int index) {
    char other = text.charAt(index) == 'A' ? 'B' : 'A';
    return text.substring(0, index) + other + text.substring(index + 1);
  }

  private static void bytes(String place, String text, List<Change> changes) {
    try {
      byte[] decoded = Base64.getDecoder().decode(text);
      for (int i = 0; i < decoded.length; i += 1 + decoded.length / 24) {
        byte[] changed = decoded.clone();
        changed[i] ^= 1;
        changes.add(
            new Change(
                place + " byte " + i, new Json.Str(Base64.getEncoder().encodeToString(changed))));
      }
    } catch (IllegalArgumentException noBase64) {
      changes.add(new Change(place + " first character", new Json.Str(flipped(text + '.', 0))));
    }
  }
}

package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.trust.Evidence;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.sigstore.PublishBundle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A staged release as its registry shows it to who has the id and a token that reads (registry.md
 * 1.3). Nothing of it is in a log or an index, so nothing here is believed before the signatures
 * are verified.
 */
public sealed interface StagedRelease {
  /** Most attestations of one version. */
  int MAX_ATTESTATIONS = 8;

  /** Its id. */
  String id();

  /**
   * A release that is still staged.
   *
   * @param id its id
   * @param name of the package
   * @param account who staged it, as the registry says
   * @param line what the index would say of it
   * @param publisher who signed it, as the registry says
   * @param evidence the record that its promotion would put into the log, and its attestations
   */
  record Open(
      String id,
      PackageName name,
      String account,
      VersionLine line,
      Identity publisher,
      Evidence evidence)
      implements StagedRelease {
    /** Name and version as people write them. */
    public String label() {
      return name + "@" + line.version();
    }
  }

  /**
   * A release that was promoted.
   *
   * @param id the id that it had
   * @param label name and version as people write them
   */
  record Promoted(String id, String label) implements StagedRelease {}

  /**
   * Asks for a release.
   *
   * @param id 40 hexadecimal digits
   * @throws CommandException as the registry refuses, or RAYA-REG-002 without a token
   * @throws InterruptedException if the thread was interrupted
   */
  static StagedRelease read(Registry registry, String id)
      throws CommandException, InterruptedException {
    try {
      JsonFields answer = JsonFields.root(registry.apiGet("stages/" + id));
      if (!answer.string("id").equals(id)) {
        throw answer.fault("id", "expected that of the release that was asked for");
      }
      PackageName name = PackageName.tryParse(answer.string("name"));
      if (name == null) {
        throw answer.fault("name", "no package's name");
      }
      return switch (answer.string("state")) {
        case "staged" -> open(registry, id, name, answer);
        case "published" -> new Promoted(id, name + "@" + answer.string("version"));
        default -> throw answer.fault("state", "expected staged or published");
      };
    } catch (JsonException malformed) {
      throw Failures.notARegistry(registry.base(), String.valueOf(malformed.getMessage()));
    }
  }

  private static Open open(Registry registry, String id, PackageName name, JsonFields answer)
      throws CommandException, JsonException, InterruptedException {
    VersionLine line = IndexDocumentReader.staged(answer.fields("line"));
    Identity publisher = Identity.read(answer.fields("publisher"));
    List<LogRecord.Attestation> named = new ArrayList<>();
    for (JsonFields each : answer.list("attestations")) {
      if (named.size() == MAX_ATTESTATIONS) {
        throw answer.fault("attestations", "expected at most " + MAX_ATTESTATIONS);
      }
      String hex = each.string("sha256");
      if (!Digest.isHex(hex)) {
        throw each.fault("sha256", "no digest");
      }
      named.add(
          new LogRecord.Attestation(
              each.string("predicateType"), each.integer("size"), new Digest(hex)));
    }
    LogRecord.Publish record =
        new LogRecord.Publish(
            new LogRecord.Header(Instant.EPOCH.toString(), "registry"),
            name.text(),
            line.version().text(),
            line.sha256(),
            line.size(),
            line.tree(),
            line.natives().stream()
                .map(
                    blob ->
                        new LogRecord.Native(
                            blob.module(), blob.target(), blob.file(), blob.size(), blob.sha256()))
                .toList(),
            line.capabilities().stream().map(Capability::text).toList(),
            publisher,
            named,
            null);
    List<byte[]> attestations = new ArrayList<>();
    for (LogRecord.Attestation each : named) {
      attestations.add(registry.smallBlob(each.digest(), PublishBundle.MAX_BYTES));
    }
    return new Open(
        id,
        name,
        answer.object().get("account") instanceof Json.Str(String account) ? account : "",
        line,
        publisher,
        new Evidence(record.bytes(), null, attestations));
  }
}

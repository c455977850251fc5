package dev.raya.registry.packages;

import dev.raya.resolver.index.IndexDocumentWriter;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionTag;
import dev.raya.signing.key.Identity;
import dev.raya.signing.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of index documents (spec: registry.md 1.4), made from log records: what a record says
 * stands in its line too, so that a client can compare the two.
 */
public final class IndexLines {
  private IndexLines() {}

  /**
   * The line of a record, without line feed; empty if index documents have none of its type.
   *
   * @param seq index of the record in the log
   * @param record the record
   * @param metadata of the version that a {@code publish} record is about, else null
   */
  public static Optional<String> of(
      long seq, LogRecord record, @Nullable PackageMetadata metadata) {
    Instant time = Instant.parse(record.header().time());
    return switch (record) {
      case LogRecord.Publish publish -> {
        if (metadata == null) {
          throw new IllegalStateException("a publish record has a version");
        }
        yield Optional.of(text(version(seq, time, publish, metadata)));
      }
      case LogRecord.Package change ->
          Optional.of(
              text(
                  new IndexLine.PackageLine(
                      seq,
                      time,
                      change.publishers().stream().map(Identity::json).toList(),
                      change.tokenPublishing(),
                      change.provenance(),
                      change.claimed())));
      case LogRecord.Status status ->
          Optional.of(
              text(
                  new IndexLine.StatusLine(
                      seq,
                      time,
                      stored(status.version()),
                      status.yanked(),
                      status.deprecated(),
                      status.tombstone(),
                      status.reason() == null ? null : IndexLine.Reason.of(status.reason()),
                      status.use() == null ? null : stored(status.use()))));
      case LogRecord.Tag tag ->
          Optional.of(
              text(
                  new IndexLine.TagLine(
                      seq,
                      time,
                      new VersionTag(tag.tag()),
                      tag.version() == null ? null : stored(tag.version()))));
      case LogRecord.Owner _, LogRecord.KeyChange _, LogRecord.Quarantine _, LogRecord.Root _ ->
          Optional.empty();
    };
  }

  /** What the index would say of a staged release, if this were its record. */
  public static IndexLine.VersionLine staged(LogRecord.Publish publish, PackageMetadata metadata) {
    return version(IndexLine.VersionLine.STAGED, Instant.EPOCH, publish, metadata);
  }

  private static IndexLine.VersionLine version(
      long seq, Instant time, LogRecord.Publish publish, PackageMetadata metadata) {
    return new IndexLine.VersionLine(
        seq,
        time,
        stored(publish.version()),
        license(metadata.license()),
        metadata.raya(),
        metadata.bytecode(),
        metadata.dependencies(),
        metadata.constraints(),
        metadata.features(),
        metadata.capabilities(),
        publish.archive(),
        publish.size(),
        publish.tree(),
        publish.natives().stream()
            .map(
                blob ->
                    new NativeBlob(
                        blob.module(),
                        null,
                        blob.target(),
                        blob.file(),
                        blob.size(),
                        blob.digest()))
            .toList());
  }

  /** What could not be an SPDX expression stays out of the index, which has no free text. */
  private static String license(String stated) {
    return stated.chars().allMatch(c -> c >= ' ' && c <= '~') ? stated : "";
  }

  private static String text(IndexLine line) {
    return new String(IndexDocumentWriter.line(line), StandardCharsets.UTF_8).stripTrailing();
  }

  private static Version stored(String text) {
    Version version = Version.tryParse(text);
    if (version == null) {
      throw new IllegalStateException("the log holds a version that we did not write: " + text);
    }
    return version;
  }
}

package dev.raya.tuf.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder of trusted metadata as a source of itself: the files that a client kept there, without
 * their versions, under the names with versions that a repository gives them.
 */
final class HeldSource implements TufSource {
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,18})\\.(.+)\\.json");
  private static final String ROOT = "root";
  private static final String JSON = ".json";

  private final MetadataFolder folder;

  HeldSource(Path folder) {
    this.folder = new MetadataFolder(folder);
  }

  @Override
  public Optional<byte[]> metadata(String path, long limit) throws IOException {
    int most = (int) Math.min(limit, Integer.MAX_VALUE);
    Matcher numbered = NUMBERED.matcher(path);
    if (!numbered.matches()) {
      return Optional.ofNullable(
          folder.readQuoted(path.substring(0, path.length() - JSON.length()), most));
    }
    return Optional.ofNullable(
        numbered.group(2).equals(ROOT)
            ? folder.readRoot(Long.parseLong(numbered.group(1)), most)
            : folder.readQuoted(numbered.group(2), most));
  }

  @Override
  public boolean target(String path, Path file, long limit) {
    return false;
  }
}

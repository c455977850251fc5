package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.role.Role;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The hash bins that the claimed role is split into above 256 entries (security.md, "Roots"; TAP
 * 15), so that a client reads some kilobytes however many packages are claimed. Each number of bits
 * has names of another length, so that bins of two splits are never taken for each other.
 */
public final class ClaimBins {
  /** Most entries of a role before it is split, or split finer. */
  public static final int MOST = 256;

  /** Bits of the first split, and what each finer one has more. */
  public static final int STEP = 4;

  private static final int MAX_BITS = 12;
  private static final Pattern NAME = Pattern.compile("claimed-[0-9a-f]{1,3}");

  private ClaimBins() {}

  /** Whether a text is the role name of a bin of claims, of whatever split. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * The bits of the split that a bin is of.
   *
   * @param bin a name for which {@link #isName} holds
   */
  public static int bitsOf(String bin) {
    return (bin.length() - RegistryRole.CLAIMED.id().length() - 1) * STEP;
  }

  /** The role name of the bin that a target path falls into. */
  public static String of(int bits, String targetPath) {
    String hex = Digest.of(targetPath.getBytes(StandardCharsets.UTF_8)).hex();
    return RegistryRole.CLAIMED.id() + '-' + hex.substring(0, bits / STEP);
  }

  /** The bits at which the fullest bin has room, starting from some; 12 at most. */
  public static int bits(int from, Map<String, Role.TargetFile> targets) {
    for (int bits = Math.max(from, STEP); bits < MAX_BITS; bits += STEP) {
      if (split(bits, targets).values().stream().allMatch(bin -> bin.size() <= MOST)) {
        return bits;
      }
    }
    return MAX_BITS;
  }

  /** What each bin names, empty ones too, by role name. */
  public static SortedMap<String, SortedMap<String, Role.TargetFile>> split(
      int bits, Map<String, Role.TargetFile> targets) {
    SortedMap<String, SortedMap<String, Role.TargetFile>> bins = new TreeMap<>();
    int digits = bits / STEP;
    for (int number = 0; number < 1 << bits; number++) {
      String hex = Integer.toHexString(number);
      bins.put(
          RegistryRole.CLAIMED.id() + '-' + "0".repeat(digits - hex.length()) + hex,
          new TreeMap<>());
    }
    targets.forEach(
        (path, file) -> {
          SortedMap<String, Role.TargetFile> bin = bins.get(of(bits, path));
          if (bin != null) {
            bin.put(path, file);
          }
        });
    return bins;
  }
}

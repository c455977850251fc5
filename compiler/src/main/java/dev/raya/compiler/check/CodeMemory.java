package dev.raya.compiler.check;

import dev.raya.cache.digest.Digest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What code of modules there is from earlier builds. */
public interface CodeMemory {
  /**
   * Whether there is code of a module, made from what a build would make it from now.
   *
   * @param module its path
   * @param key of its check: digest of all that this depends on
   * @param others the keys of the checks of modules that it reaches, by path; null if unknown
   */
  boolean holds(String module, Digest key, Function<String, @Nullable Digest> others);
}

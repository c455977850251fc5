package dev.raya.vm.bytecode.compat;

/**
 * One difference between the interfaces of two versions of a package.
 *
 * @param impact what it means for those who use the older version
 * @param module the importable module as EXPT names it; empty for the package's main module
 * @param item the export, or a member of an exported class as {@code Logger.level}; empty where the
 *     module as a whole came or went
 * @param what what changed, a phrase with both types where types differ
 */
public record InterfaceChange(Impact impact, String module, String item, String what) {
  /** What a change means for code that was written against the older version. */
  public enum Impact {
    /** Such code may no longer compile, link or run. */
    BREAKING("breaking"),
    /** Such code goes on; new code has more. */
    ADDITION("addition"),
    /** Such code goes on, and nothing can be used that could not before. */
    COMPATIBLE("compatible");

    private final String word;

    Impact(String word) {
      this.word = word;
    }

    /** The word in JSON. */
    public String word() {
      return word;
    }
  }

  /** One line for people: {@code sinks: Logger.level: was readonly, is ...}. */
  public String text() {
    StringBuilder line = new StringBuilder();
    if (!module.isEmpty()) {
      line.append(module).append(": ");
    }
    if (!item.isEmpty()) {
      line.append(item).append(": ");
    }
    return line.append(what).toString();
  }
}

package dev.raya.compiler.parse;

import org.jspecify.annotations.Nullable;

/**
 * The words of one file: each is cut out of the text once, however often it stands there, and is
 * the same string each time. Open addressing with linear probing. Owned by one lexer.
 */
final class WordTable {
  private static final int FIRST_SIZE = 256;

  private @Nullable String[] words = new String[FIRST_SIZE];
  private int[] hashes = new int[FIRST_SIZE];
  private int count;

  /**
   * The word that stands between two offsets.
   *
   * @param hash of its characters; equal words must come with equal ones
   */
  String of(String text, int start, int end, int hash) {
    int mask = words.length - 1;
    int at = spread(hash) & mask;
    for (String known = words[at]; known != null; known = words[at]) {
      if (hashes[at] == hash && known.length() == end - start && text.startsWith(known, start)) {
        return known;
      }
      at = at + 1 & mask;
    }
    String word = text.substring(start, end);
    words[at] = word;
    hashes[at] = hash;
    if (++count * 2 > words.length) {
      grow();
    }
    return word;
  }

  private void grow() {
    @Nullable String[] oldWords = words;
    int[] oldHashes = hashes;
    words = new String[oldWords.length * 2];
    hashes = new int[words.length];
    int mask = words.length - 1;
    for (int i = 0; i < oldWords.length; i++) {
      if (oldWords[i] != null) {
        int at = spread(oldHashes[i]) & mask;
        while (words[at] != null) {
          at = at + 1 & mask;
        }
        words[at] = oldWords[i];
        hashes[at] = oldHashes[i];
      }
    }
  }

  private static int spread(int hash) {
    return hash ^ hash >>> 16;
  }
}

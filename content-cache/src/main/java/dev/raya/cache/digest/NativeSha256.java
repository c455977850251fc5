package dev.raya.cache.digest;

import java.io.File;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 (FIPS 180-4) whose compression function is native, with the processor's own instructions
 * where it has them. The library is made on the machine that uses it and never needed: without it,
 * or if it does not give what the standard says, {@link Digest#sha256} is the platform's.
 */
final class NativeSha256 extends MessageDigest implements Cloneable {
  /** System property that names the library; set by the launchers of a toolchain. */
  static final String LIBRARY = "raya.sha256.library";

  private static final String NAME = "SHA-256";
  private static final int BLOCK = 64;
  private static final int LENGTH_AT = 56;
  private static final int BYTES = 32;
  private static final int[] START = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };

  /** Whether the library is there and right; asked once a process, after {@link #START} is set. */
  static final boolean IS_THERE = load(System.getProperty(LIBRARY));

  private int[] state = START.clone();
  private byte[] block = new byte[BLOCK];
  private int filled;
  private long length;

  NativeSha256() {
    super(NAME);
  }

  /** Loads the library, unless there is none; whether it gives what the standard says. */
  static boolean load(@Nullable String library) {
    if (library == null || !new File(library).isFile()) {
      return false;
    }
    try {
      System.load(library);
      // The digest of "abc" (FIPS 180-4, example B.1): a library of another machine is worse than
      // none.
      byte[] abc = {'a', 'b', 'c'};
      return Digest.of(new NativeSha256().digest(abc), 0)
          .hex()
          .equals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    } catch (UnsatisfiedLinkError unusable) {
      return false;
    }
  }

  /**
   * Takes whole blocks into a state.
   *
   * @return false if there was no memory to reach the arrays
   */
  private static native boolean compress(int[] state, byte[] data, int offset, int blocks);

  private void take(byte[] data, int offset, int blocks) {
    if (!compress(state, data, offset, blocks)) {
      throw new OutOfMemoryError("no memory to reach " + blocks * BLOCK + " bytes");
    }
  }

  @Override
  protected int engineGetDigestLength() {
    return BYTES;
  }

  @Override
  protected void engineUpdate(byte input) {
    length++;
    block[filled++] = input;
    if (filled == BLOCK) {
      take(block, 0, 1);
      filled = 0;
    }
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int count) {
    int at = offset;
    int rest = count;
    length += count;
    if (filled > 0) {
      int some = Math.min(rest, BLOCK - filled);
      System.arraycopy(input, at, block, filled, some);
      filled += some;
      at += some;
      rest -= some;
      if (filled < BLOCK) {
        return;
      }
      take(block, 0, 1);
      filled = 0;
    }
    if (rest >= BLOCK) {
      int blocks = rest / BLOCK;
      take(input, at, blocks);
      at += blocks * BLOCK;
      rest -= blocks * BLOCK;
    }
    System.arraycopy(input, at, block, 0, rest);
    filled = rest;
  }

  @Override
  protected byte[] engineDigest() {
    long bits = length * Byte.SIZE;
    block[filled++] = (byte) 0x80;
    if (filled > LENGTH_AT) {
      Arrays.fill(block, filled, BLOCK, (byte) 0);
      take(block, 0, 1);
      filled = 0;
    }
    Arrays.fill(block, filled, LENGTH_AT, (byte) 0);
    for (int i = 0; i < Long.BYTES; i++) {
      block[BLOCK - 1 - i] = (byte) (bits >>> (Byte.SIZE * i));
    }
    take(block, 0, 1);
    byte[] digest = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      digest[i] = (byte) (state[i / Integer.BYTES] >>> (24 - Byte.SIZE * (i % Integer.BYTES)));
    }
    engineReset();
    return digest;
  }

  @Override
  protected void engineReset() {
    state = START.clone();
    filled = 0;
    length = 0;
  }

  @Override
  public Object clone() throws CloneNotSupportedException {
    NativeSha256 copy = (NativeSha256) super.clone();
    copy.state = state.clone();
    copy.block = block.clone();
    return copy;
  }
}

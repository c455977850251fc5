package dev.raya.vm.interp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/** BLAKE2b with 32 bytes of output and no key (RFC 7693), which Java does not have. */
final class Blake2b extends MessageDigest {
  private static final long[] IV = {
    0x6a09e667f3bcc908L,
    0xbb67ae8584caa73bL,
    0x3c6ef372fe94f82bL,
    0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L,
    0x9b05688c2b3e6c1fL,
    0x1f83d9abfb41bd6bL,
    0x5be0cd19137e2179L
  };
  private static final String SIGMA =
      "0123456789abcdef"
          + "ea489fd61c02b753"
          + "b8c052fdae367194"
          + "7931dcbe265a40f8"
          + "905724afe1bc683d"
          + "2c6a0b834d75fe19"
          + "c51fed4a0763928b"
          + "db7ec13950f4862a"
          + "6fe9b308c2d714a5"
          + "a2847615fb9e3cd0";
  private static final int BLOCK = 128;
  private static final int LENGTH = 32;

  private final long[] h = new long[8];
  private final byte[] buffer = new byte[BLOCK];
  private int filled;
  private long counted;

  Blake2b() {
    super("BLAKE2b-256");
    engineReset();
  }

  @Override
  protected void engineReset() {
    System.arraycopy(IV, 0, h, 0, 8);
    h[0] ^= 0x01010000 ^ LENGTH;
    filled = 0;
    counted = 0;
  }

  @Override
  protected void engineUpdate(byte input) {
    engineUpdate(new byte[] {input}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int length) {
    for (int at = 0; at < length; ) {
      if (filled == BLOCK) {
        counted += BLOCK;
        compress(false);
        filled = 0;
      }
      int part = Math.min(BLOCK - filled, length - at);
      System.arraycopy(input, offset + at, buffer, filled, part);
      filled += part;
      at += part;
    }
  }

  @Override
  protected byte[] engineDigest() {
    counted += filled;
    java.util.Arrays.fill(buffer, filled, BLOCK, (byte) 0);
    compress(true);
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : h) {
      out.putLong(word);
    }
    engineReset();
    return java.util.Arrays.copyOf(out.array(), LENGTH);
  }

  @Override
  protected int engineGetDigestLength() {
    return LENGTH;
  }

  private void compress(boolean last) {
    long[] m = new long[16];
    ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(m);
    long[] v = new long[16];
    System.arraycopy(h, 0, v, 0, 8);
    System.arraycopy(IV, 0, v, 8, 8);
    v[12] ^= counted;
    v[14] ^= last ? -1 : 0;
    for (int round = 0; round < 12; round++) {
      int s = round % 10 * 16;
      for (int i = 0; i < 8; i++) {
        int column = i & 3;
        int shift = i < 4 ? 0 : 1;
        long x = m[Character.digit(SIGMA.charAt(s + 2 * i), 16)];
        long y = m[Character.digit(SIGMA.charAt(s + 2 * i + 1), 16)];
        mix(
            v,
            column,
            4 + (column + shift) % 4,
            8 + (column + 2 * shift) % 4,
            12 + (column + 3 * shift) % 4,
            x,
            y);
      }
    }
    for (int i = 0; i < 8; i++) {
      h[i] ^= v[i] ^ v[i + 8];
    }
  }

  private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
    v[a] += v[b] + x;
    v[d] = Long.rotateRight(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = Long.rotateRight(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 63);
  }
}

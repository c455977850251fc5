package dev.raya.cache.archive;

/** Offsets and sizes of the ustar header (POSIX.1-2017, pax, "ustar Interchange Format"). */
final class Tar {
  static final int BLOCK = 512;

  /** An archive is padded with zeros at most to the next multiple of this. */
  static final int RECORD = 10_240;

  static final int NAME = 0;
  static final int NAME_LENGTH = 100;
  static final int MODE = 100;
  static final int UID = 108;
  static final int GID = 116;
  static final int SHORT_NUMBER = 8;
  static final int SIZE = 124;
  static final int MTIME = 136;
  static final int LONG_NUMBER = 12;
  static final int CHECKSUM = 148;
  static final int TYPE = 156;
  static final int MAGIC = 257;
  static final int DEVICE_MAJOR = 329;
  static final int DEVICE_MINOR = 337;
  static final int PREFIX = 345;
  static final int PREFIX_LENGTH = 155;

  static final byte TYPE_FILE = '0';
  static final byte TYPE_DIRECTORY = '5';
  static final byte TYPE_PAX = 'x';

  /** {@code ustar}, NUL, version {@code 00}. */
  static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0, '0', '0'};

  private Tar() {}

  /** {@code size} rounded up to whole blocks. */
  static long padded(long size) {
    return (size + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** The sum of a header's bytes with the checksum field taken as blanks. */
  static int checksum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean own = i >= CHECKSUM && i < CHECKSUM + SHORT_NUMBER;
      sum += own ? ' ' : header[i] & 0xFF;
    }
    return sum;
  }
}

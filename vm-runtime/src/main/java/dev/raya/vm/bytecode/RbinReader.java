package dev.raya.vm.bytecode;

import dev.raya.vm.bytecode.RbinModule.DebugData;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Locale;
import java.util.SortedSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads bytes as a module: header, section table, digest, and the form of every section ({@code
 * rbin.md} 2, 3, 5.1). Indices are not followed here; {@link Verifier} does that.
 */
public final class RbinReader {
  private final byte[] bytes;
  private final EnumMap<Section, SectionReader> sections = new EnumMap<>(Section.class);
  private int flags;
  private int minVm;

  private RbinReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads a module; faulty debug information is an error. */
  public static RbinModule read(byte[] bytes) throws RbinException {
    RbinReader reader = new RbinReader(bytes);
    reader.header(true);
    reader.table();
    return reader.module(null);
  }

  /**
   * Reads a module to run it: faulty debug information is reported and left out.
   *
   * @param warning gets the {@code BadDebugInfo} fault if there is one
   */
  public static RbinModule readForExecution(byte[] bytes, Consumer<RbinException> warning)
      throws RbinException {
    RbinReader reader = new RbinReader(bytes);
    reader.header(true);
    reader.table();
    return reader.module(warning);
  }

  /**
   * The grants that a module needs, from its header, META and NATV alone ({@link Capabilities#of}):
   * for bytes whose digest somebody else has compared and that a {@link Verifier} will see before
   * they run. Strings that these sections do not name are passed over.
   *
   * @throws RbinException if what is read is malformed
   */
  public static SortedSet<String> capabilities(byte[] bytes) throws RbinException {
    RbinReader reader = new RbinReader(bytes);
    reader.header(false);
    reader.table();
    SectionContent content = new SectionContent(reader::section);
    content.findConstants();
    return Capabilities.of(content.meta(), content.natives());
  }

  private static RbinException fail(RbinErrorKind kind, long offset, String detail) {
    return new RbinException(kind, "header", -1, offset, detail);
  }

  private void header(boolean hashed) throws RbinException {
    if (bytes.length > RbinFormat.MAX_FILE) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, -1, bytes.length + " bytes are too many");
    }
    if (bytes.length < RbinFormat.HEADER_SIZE) {
      throw fail(
          RbinErrorKind.TRUNCATED_FILE, bytes.length, "a header has 64 bytes, not " + bytes.length);
    }
    SectionReader in = new SectionReader(bytes, 0, RbinFormat.HEADER_SIZE, "header");
    if (in.u32() != RbinFormat.MAGIC) {
      throw fail(RbinErrorKind.BAD_MAGIC, 0, "not a .rbin file");
    }
    int version = in.u32();
    if (version >>> 16 != RbinFormat.VERSION >>> 16) {
      throw fail(
          RbinErrorKind.UNSUPPORTED_VERSION,
          4,
          "format " + (version >>> 16) + "." + (version & 0xFFFF) + ", this reader knows 1");
    }
    flags = in.u32();
    int count = in.u32();
    long size = in.u64();
    if (size > bytes.length || size < 0) {
      throw fail(
          RbinErrorKind.TRUNCATED_FILE,
          bytes.length,
          "the file says " + Long.toUnsignedString(size) + " bytes, there are " + bytes.length);
    }
    if (size < bytes.length) {
      throw fail(
          RbinErrorKind.TRAILING_DATA, size, bytes.length - size + " bytes after the file's end");
    }
    minVm = in.u32();
    if (Integer.compareUnsigned(minVm, RbinFormat.FEATURE_LEVEL) > 0) {
      throw fail(RbinErrorKind.UNSUPPORTED_VERSION, 24, "needs a VM of level " + minVm);
    }
    int reserved = in.u32();
    Sha256 digest = in.digest();
    if (hashed && !content().equals(digest)) {
      throw fail(RbinErrorKind.CHECKSUM_MISMATCH, 32, "the digest does not fit the content");
    }
    in.flags(flags, 0x7F);
    if (reserved != 0 || minVm == 0) {
      throw fail(RbinErrorKind.NON_CANONICAL, 24, "reserved bytes are not zero, or minVm is");
    }
    if (count < 1 || count > RbinFormat.MAX_SECTIONS) {
      throw fail(RbinErrorKind.LIMIT_EXCEEDED, 12, Integer.toUnsignedString(count) + " sections");
    }
  }

  /** The digest of all bytes, those of the digest counted as zeros. */
  private Sha256 content() {
    MessageDigest digest = Sha256.newDigest();
    digest.update(bytes, 0, RbinFormat.DIGEST_OFFSET);
    digest.update(new byte[RbinFormat.HEADER_SIZE - RbinFormat.DIGEST_OFFSET]);
    digest.update(bytes, RbinFormat.HEADER_SIZE, bytes.length - RbinFormat.HEADER_SIZE);
    return Sha256.of(digest.digest());
  }

  private void table() throws RbinException {
    SectionReader in =
        new SectionReader(
            bytes, RbinFormat.HEADER_SIZE, bytes.length - RbinFormat.HEADER_SIZE, "header");
    int count = new SectionReader(bytes, 12, 4, "header").count(0, RbinFormat.MAX_SECTIONS);
    long end = RbinFormat.HEADER_SIZE + (long) RbinFormat.SECTION_ENTRY_SIZE * count;
    int last = -1;
    for (int i = 0; i < count; i++) {
      int tag = in.u32();
      int attributes = in.flags(in.u32(), RbinFormat.REQUIRED);
      long offset = in.u64();
      long length = in.u64();
      String name = tagText(tag);
      long start = end + 7 & ~7L;
      if (offset != start || length < 0 || length > bytes.length - start) {
        throw fail(RbinErrorKind.BAD_SECTION, offset, name + " is not where it must be");
      }
      for (long pad = end; pad < start; pad++) {
        if (bytes[(int) pad] != 0) {
          throw fail(RbinErrorKind.BAD_SECTION, pad, "padding before " + name + " is not zero");
        }
      }
      end = start + length;
      Section section = Section.of(tag);
      if (section == null) {
        if (attributes != 0) {
          throw fail(RbinErrorKind.UNKNOWN_SECTION, offset, name + " is required and unknown");
        }
        continue;
      }
      if (section.ordinal() <= last) {
        throw fail(RbinErrorKind.BAD_SECTION, offset, name + " is out of order or twice");
      }
      if ((attributes != 0) != section.required()) {
        throw fail(RbinErrorKind.NON_CANONICAL, offset, name + " has wrong attributes");
      }
      last = section.ordinal();
      sections.put(section, new SectionReader(bytes, (int) start, (int) length, name));
    }
    if (end != bytes.length) {
      throw fail(RbinErrorKind.BAD_SECTION, end, "bytes after the last section");
    }
    for (Section section : Section.values()) {
      if (section.mandatory() && !sections.containsKey(section)) {
        throw fail(RbinErrorKind.MISSING_SECTION, -1, section + " is missing");
      }
    }
    requireFlag(RbinModule.FLAG_DEBUG, sections.containsKey(Section.DBGI));
    requireFlag(RbinModule.FLAG_NATIVE, sections.containsKey(Section.NATV));
  }

  private void requireFlag(int flag, boolean present) throws RbinException {
    if (((flags & flag) != 0) != present) {
      throw fail(RbinErrorKind.NON_CANONICAL, 8, "flag " + flag + " contradicts the sections");
    }
  }

  private static String tagText(int tag) {
    StringBuilder text = new StringBuilder();
    for (int shift = 0; shift < 32; shift += 8) {
      int c = tag >> shift & 0xFF;
      text.append(
          c > 0x20 && c < 0x7F
              ? String.valueOf((char) c)
              : String.format(Locale.ROOT, "\\x%02x", c));
    }
    return text.toString();
  }

  private RbinModule module(@Nullable Consumer<RbinException> warning) throws RbinException {
    SectionContent content = new SectionContent(this::section);
    content.readConstants();
    RbinModule module = content.module(flags, minVm);
    if (!sections.containsKey(Section.DBGI)) {
      return module;
    }
    try {
      DebugData debug = content.debug(module);
      return module.withDebug(debug);
    } catch (RbinException e) {
      RbinException fault =
          new RbinException(
              RbinErrorKind.BAD_DEBUG_INFO, "DBGI", e.function(), e.offset(), e.detail());
      if (warning == null) {
        throw fault;
      }
      warning.accept(fault);
      return module;
    }
  }

  private @Nullable SectionReader section(Section section) {
    return sections.get(section);
  }
}

package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.RBytes;
import dev.raya.vm.value.RNative;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The members of Uint8Array, ArrayBuffer and DataView (stdlib.md 2.9). */
final class BytesBuiltins {
  private final ContextTypes types;
  private final Polls polls;

  BytesBuiltins(ContextTypes types, Polls polls) {
    this.types = types;
    this.polls = polls;
  }

  void call(int id, Args a) {
    if (id >= 360) {
      view(id, a);
      return;
    }
    switch (id) {
      case 330 -> a.returnRef(new RBytes(make(length(a, 0))));
      case 331 -> {
        RArray values = a.array(0);
        byte[] bytes = make(values.length);
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) low(Double.longBitsToDouble(values.word(i)));
        }
        a.returnRef(new RBytes(bytes));
      }
      case 332 -> a.returnRef(window(a));
      case 333 -> a.returnRef(new RBytes(concat(a.array(0))));
      case 334 -> a.returnRef(face(bytes(a, 0).buffer));
      case 335 -> a.returnInt(bytes(a, 0).offset);
      case 336 -> a.returnInt(bytes(a, 0).length);
      case 337, 338 -> {
        RBytes b = bytes(a, 0);
        int from = TextBuiltins.fromEnd(a.position(1, 0), b.length);
        int to = Math.max(from, TextBuiltins.fromEnd(a.position(2, b.length), b.length));
        RBytes part = new RBytes(b.buffer, b.offset + from, to - from);
        if (id == 337) {
          polls.allocate(32L + part.length);
          a.returnRef(new RBytes(part.copy()));
        } else {
          a.returnRef(part);
        }
      }
      case 339 -> {
        RBytes to = bytes(a, 0);
        RBytes from = bytes(a, 1);
        int at = a.position(2, 0);
        if (at < 0 || from.length > to.length - at) {
          throw Args.rangeError(from.length + " bytes do not fit at " + at + " of " + to.length);
        }
        System.arraycopy(
            from.buffer.bytes, from.offset, to.buffer.bytes, to.offset + at, from.length);
      }
      case 340 -> {
        RBytes b = bytes(a, 0);
        int from = TextBuiltins.fromEnd(a.position(2, 0), b.length);
        int to = TextBuiltins.fromEnd(a.position(3, b.length), b.length);
        if (from < to) {
          byte value = (byte) low(a.number(1));
          Arrays.fill(b.buffer.bytes, b.offset + from, b.offset + to, value);
        }
        a.returnRef(b);
      }
      case 341 -> {
        RBytes b = bytes(a, 0);
        double wanted = a.number(1);
        int found = -1;
        for (int i = TextBuiltins.fromEnd(a.position(2, 0), b.length);
            i < b.length && found < 0;
            i++) {
          found = b.at(i) == wanted ? i : -1;
        }
        a.returnInt(found);
      }
      case 342 -> {
        RBytes x = bytes(a, 0);
        RBytes y = bytes(a, 1);
        a.returnBool(
            Arrays.equals(
                x.buffer.bytes,
                x.offset,
                x.offset + x.length,
                y.buffer.bytes,
                y.offset,
                y.offset + y.length));
      }
      case 343 -> {
        RBytes b = bytes(a, 0);
        polls.allocate(24 + 4L * b.length);
        RArray array = RArray.make(a.site.result, b.length);
        for (int i = 0; i < b.length; i++) {
          array.set(i, b.at(i), null);
        }
        a.returnRef(array);
      }
      case 344 -> {
        RBytes b = bytes(a, 0);
        a.returnInt(b.at(inside(a.integer(1), b)));
      }
      case 345 -> {
        RBytes b = bytes(a, 0);
        b.buffer.bytes[b.offset + inside(a.integer(1), b)] = (byte) a.integer(2);
      }
      case 346 -> a.returnRef(face(new RBytes.Buffer(make(length(a, 0)))));
      case 347 -> a.returnInt(buffer(a, 0).bytes.length);
      case 348 -> {
        byte[] b = buffer(a, 0).bytes;
        int from = TextBuiltins.fromEnd(a.position(1, 0), b.length);
        int to = Math.max(from, TextBuiltins.fromEnd(a.position(2, b.length), b.length));
        polls.allocate(32L + to - from);
        a.returnRef(face(new RBytes.Buffer(Arrays.copyOfRange(b, from, to))));
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private static int low(double value) {
    return Numbers.toInt32(value) & 0xFF;
  }

  private static int inside(int index, RBytes b) {
    if (index < 0 || index >= b.length) {
      throw Traps.outOfRange(index, b.length);
    }
    return index;
  }

  /** The bytes in an operand that was checked for null by nobody yet. */
  static RBytes bytes(Args a, int i) {
    if (a.ref(i) instanceof RBytes bytes) {
      return bytes;
    }
    throw Traps.nullAccess("length");
  }

  private static RBytes.Buffer buffer(Args a, int i) {
    if (a.ref(i) instanceof RNative object && object.held instanceof RBytes.Buffer buffer) {
      return buffer;
    }
    throw Traps.nullAccess("byteLength");
  }

  private static int length(Args a, int i) {
    double n = a.number(i);
    if (n <= -1) {
      throw new TrapException(Trap.NEGATIVE_LENGTH, "negative length " + Numbers.text(n));
    }
    if (n > RArray.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "more than " + RArray.MAX_LENGTH + " bytes");
    }
    return (int) n;
  }

  private byte[] make(int length) {
    polls.allocate(32L + length);
    return new byte[length];
  }

  private RNative face(RBytes.Buffer buffer) {
    RNative known = buffer.face;
    if (known == null) {
      polls.allocate(32);
      known = types.make("ArrayBuffer", buffer);
      buffer.face = known;
    }
    return known;
  }

  /** A window on a buffer; offset and length are operands 1 and 2. */
  private RBytes window(Args a) {
    RBytes.Buffer buffer = buffer(a, 0);
    int offset = a.position(1, 0);
    int length = a.position(2, buffer.bytes.length - offset);
    if (offset < 0 || length < 0 || length > buffer.bytes.length - offset) {
      throw Args.rangeError(
          "the range from "
              + offset
              + " of length "
              + length
              + " is outside of a buffer of "
              + buffer.bytes.length);
    }
    polls.allocate(32);
    return new RBytes(buffer, offset, length);
  }

  private byte[] concat(RArray parts) {
    long length = 0;
    for (int i = 0; i < parts.length; i++) {
      length += part(parts, i).length;
    }
    if (length > RArray.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "more than " + RArray.MAX_LENGTH + " bytes");
    }
    byte[] all = make((int) length);
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      RBytes b = part(parts, i);
      System.arraycopy(b.buffer.bytes, b.offset, all, at, b.length);
      at += b.length;
    }
    return all;
  }

  private static RBytes part(RArray parts, int i) {
    if (parts.ref(i) instanceof RBytes bytes) {
      return bytes;
    }
    throw Traps.unsetMember();
  }

  // ---- DataView

  private void view(int id, Args a) {
    if (id == 360) {
      a.returnRef(types.make("DataView", window(a)));
      return;
    }
    RBytes b = viewed(a.ref(0));
    if (id == 361) {
      a.returnInt(b.length);
      return;
    }
    boolean set = (id & 1) != 0;
    int kind = (id - 362) / 2;
    int size = kind < 2 ? 1 : kind < 4 ? 2 : kind < 7 ? 4 : 8;
    int offset = a.position(1);
    if (offset < 0 || size > b.length - offset) {
      throw Args.rangeError("offset " + offset + " out of range for length " + b.length);
    }
    int flag = set ? 3 : 2;
    boolean little = a.count > flag && a.integer(flag) != 0;
    ByteBuffer buffer =
        ByteBuffer.wrap(b.buffer.bytes, b.offset, b.length)
            .slice()
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    if (set) {
      put(buffer, kind, offset, a.number(2));
    } else {
      get(a, buffer, kind, offset);
    }
  }

  private static RBytes viewed(@Nullable Object ref) {
    if (ref instanceof RNative object && object.held instanceof RBytes bytes) {
      return bytes;
    }
    throw Traps.nullAccess("byteLength");
  }

  private static void get(Args a, ByteBuffer b, int kind, int at) {
    switch (kind) {
      case 0 -> a.returnInt(b.get(at));
      case 1 -> a.returnInt(b.get(at) & 0xFF);
      case 2 -> a.returnInt(b.getShort(at));
      case 3 -> a.returnInt(b.getShort(at) & 0xFFFF);
      case 4 -> a.returnInt(b.getInt(at));
      case 5 -> a.returnNumber(Integer.toUnsignedLong(b.getInt(at)));
      case 6 -> a.returnNumber(b.getFloat(at));
      default -> a.returnNumber(b.getDouble(at));
    }
  }

  private static void put(ByteBuffer b, int kind, int at, double value) {
    int bits = Numbers.toInt32(value);
    switch (kind) {
      case 0, 1 -> b.put(at, (byte) bits);
      case 2, 3 -> b.putShort(at, (short) bits);
      case 4, 5 -> b.putInt(at, bits);
      case 6 -> b.putFloat(at, (float) value);
      default -> b.putDouble(at, value);
    }
  }
}

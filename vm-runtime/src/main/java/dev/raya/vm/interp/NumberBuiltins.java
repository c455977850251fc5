package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Numbers;

/** Number and Math (stdlib.md 2.1, 2.6). */
final class NumberBuiltins {
  private static final double MAX_SAFE = 9007199254740991.0;

  private NumberBuiltins() {}

  static void call(int id, Args a, HostBuiltins host) {
    if (id < 50) {
      text(id, a);
    } else if (id < 75) {
      number(id, a, host);
    } else {
      integer(id, a);
    }
  }

  private static void text(int id, Args a) {
    switch (id) {
      case 30 -> {
        int radix = a.position(1, 10);
        if (radix < 2 || radix > 36) {
          throw Args.rangeError("radix " + radix + " is not in 2..36");
        }
        a.returnRef(Numbers.toRadix(a.number(0), radix));
      }
      case 31 -> a.returnRef(Numbers.toFixed(a.number(0), digits(a, 0)));
      case 32 -> a.returnRef(Numbers.toExponential(a.number(0), a.count > 1 ? digits(a, 0) : -1));
      case 33 -> {
        if (a.count < 2) {
          a.returnRef(Numbers.text(a.number(0)));
          return;
        }
        int precision = a.position(1);
        if (precision < 1 || precision > 100) {
          throw Args.rangeError("precision " + precision + " is not in 1..100");
        }
        a.returnRef(Numbers.toPrecision(a.number(0), precision));
      }
      case 34 -> a.returnNumber(Numbers.parseWhole(a.text(0)));
      case 35 -> a.returnNumber(Numbers.parseInt(a.text(0), a.position(1, 0)));
      case 36 -> a.returnNumber(Numbers.parseFloat(a.text(0)));
      case 37 -> a.returnBool(isWhole(a.number(0)));
      case 38 -> a.returnBool((int) a.number(0) == a.number(0));
      case 39 -> a.returnBool(isWhole(a.number(0)) && Math.abs(a.number(0)) <= MAX_SAFE);
      case 40 -> a.returnBool(Double.isNaN(a.number(0)));
      default -> a.returnBool(Double.isFinite(a.number(0)));
    }
  }

  private static int digits(Args a, int otherwise) {
    int digits = a.position(1, otherwise);
    if (digits < 0 || digits > 100) {
      throw Args.rangeError("digits " + digits + " are not in 0..100");
    }
    return digits;
  }

  private static boolean isWhole(double x) {
    return Double.isFinite(x) && x == Math.rint(x);
  }

  private static void number(int id, Args a, HostBuiltins host) {
    double x = id == 73 || id == 74 ? 0 : a.number(0);
    switch (id) {
      case 50 -> a.returnNumber(Math.signum(x));
      case 51 -> a.returnNumber(Math.min(x, a.number(1)));
      case 52 -> a.returnNumber(Math.max(x, a.number(1)));
      case 53 -> {
        double low = a.number(1);
        double high = a.number(2);
        if (low > high) {
          throw Args.rangeError(
              "low " + Numbers.text(low) + " is above high " + Numbers.text(high));
        }
        a.returnNumber(Math.min(Math.max(x, low), high));
      }
      case 54 -> a.returnNumber(power(x, a.number(1)));
      case 55 -> a.returnNumber(StrictMath.cbrt(x));
      case 56 -> a.returnNumber(StrictMath.hypot(x, a.number(1)));
      case 57 -> a.returnNumber(StrictMath.exp(x));
      case 58 -> a.returnNumber(StrictMath.expm1(x));
      case 59 -> a.returnNumber(StrictMath.log(x));
      case 60 -> a.returnNumber(log2(x));
      case 61 -> a.returnNumber(StrictMath.log10(x));
      case 62 -> a.returnNumber(StrictMath.log1p(x));
      case 63 -> a.returnNumber(StrictMath.sin(x));
      case 64 -> a.returnNumber(StrictMath.cos(x));
      case 65 -> a.returnNumber(StrictMath.tan(x));
      case 66 -> a.returnNumber(StrictMath.asin(x));
      case 67 -> a.returnNumber(StrictMath.acos(x));
      case 68 -> a.returnNumber(StrictMath.atan(x));
      case 69 -> a.returnNumber(StrictMath.atan2(x, a.number(1)));
      case 70 -> a.returnNumber(StrictMath.sinh(x));
      case 71 -> a.returnNumber(StrictMath.cosh(x));
      case 72 -> a.returnNumber(StrictMath.tanh(x));
      case 73 -> a.returnNumber(host.random().nextDouble());
      default -> {
        int low = a.integer(0);
        int high = a.integer(1);
        if (low >= high) {
          throw Args.rangeError("empty range " + low + ".." + high);
        }
        a.returnInt(host.random().nextInt(low, high));
      }
    }
  }

  /** JavaScript's power: 1 to an infinite or NaN exponent is NaN. */
  private static double power(double base, double exponent) {
    if (Math.abs(base) == 1 && (Double.isInfinite(exponent) || Double.isNaN(exponent))) {
      return Double.NaN;
    }
    return StrictMath.pow(base, exponent);
  }

  private static double log2(double x) {
    if (x > 0 && Double.isFinite(x)) {
      int e = Math.getExponent(x);
      if (e < Double.MIN_EXPONENT) {
        double scaled = x * 0x1p60;
        int se = Math.getExponent(scaled);
        if (scaled == Math.scalb(1.0, se)) {
          return se - 60;
        }
      } else if (x == Math.scalb(1.0, e)) {
        return e;
      }
    }
    return StrictMath.log(x) / StrictMath.log(2);
  }

  private static void integer(int id, Args a) {
    int x = a.integer(0);
    int y = a.count > 1 ? a.integer(1) : 0;
    switch (id) {
      case 75 -> a.returnInt(Math.abs(x));
      case 76 -> a.returnInt(Integer.signum(x));
      case 77 -> a.returnInt(Math.min(x, y));
      case 78 -> a.returnInt(Math.max(x, y));
      case 79 -> {
        int high = a.integer(2);
        if (y > high) {
          throw Args.rangeError("low " + y + " is above high " + high);
        }
        a.returnInt(Math.min(Math.max(x, y), high));
      }
      case 80 -> a.returnInt(Integer.numberOfLeadingZeros(x));
      case 81, 82 -> {
        if (y == 0) {
          throw new TrapException(Trap.DIVISION_BY_ZERO, "division by zero");
        }
        a.returnInt(id == 81 ? Math.floorDiv(x, y) : Math.floorMod(x, y));
      }
      case 83 -> a.returnInt(checked((long) x + y));
      case 84 -> a.returnInt(checked((long) x - y));
      case 85 -> a.returnInt(checked((long) x * y));
      case 86 -> a.returnInt(checked(-(long) x));
      default -> a.returnNumber(power(x, y));
    }
  }

  private static int checked(long value) {
    if (value != (int) value) {
      throw Args.rangeError(value + " is out of range for int");
    }
    return (int) value;
  }
}

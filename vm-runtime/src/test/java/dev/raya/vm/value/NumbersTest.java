package dev.raya.vm.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Text forms of numbers (language.md 6.5, stdlib.md 2.1 and 2.6); expected texts are ECMAScript's.
 */
class NumbersTest {
  @Test
  void wholeValuesHaveNoPoint() {
    assertThat(Numbers.text(100.0)).isEqualTo("100");
    assertThat(Numbers.text(-0.0)).isEqualTo("0");
    assertThat(Numbers.text(-7)).isEqualTo("-7");
    assertThat(Numbers.text(9007199254740993.0)).isEqualTo("9007199254740992");
    assertThat(Numbers.text(1e20)).isEqualTo("100000000000000000000");
    assertThat(Numbers.text(123456789012345680000.0)).isEqualTo("123456789012345680000");
  }

  @Test
  void exponentFormBeginsWhereEcmaScriptHasIt() {
    assertThat(Numbers.text(1e21)).isEqualTo("1e+21");
    assertThat(Numbers.text(1.5e-7)).isEqualTo("1.5e-7");
    assertThat(Numbers.text(1e-6)).isEqualTo("0.000001");
    assertThat(Numbers.text(1.7976931348623157e308)).isEqualTo("1.7976931348623157e+308");
    assertThat(Numbers.text(5e-324)).isEqualTo("5e-324");
    assertThat(Numbers.text(2e-323)).isEqualTo("2e-323");
    assertThat(Numbers.text(0.1 + 0.2)).isEqualTo("0.30000000000000004");
    assertThat(Numbers.text(Double.NaN)).isEqualTo("NaN");
    assertThat(Numbers.text(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
    assertThat(Numbers.text(123.456)).isEqualTo("123.456");
    assertThat(Numbers.text(2e22)).isEqualTo("2e+22");
  }

  @Test
  void textsReadBackToTheSameValue() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(x)) {
        assertThat(Numbers.parseWhole(Numbers.text(x))).isEqualTo(x == 0 ? 0.0 : x);
      }
    }
  }

  @Test
  void fixedPrecisionAndExponent() {
    assertThat(Numbers.toFixed(1.005, 2)).isEqualTo("1.00");
    assertThat(Numbers.toFixed(2.5, 0)).isEqualTo("3");
    assertThat(Numbers.toFixed(-2.5, 0)).isEqualTo("-3");
    assertThat(Numbers.toFixed(-0.0000001, 2)).isEqualTo("-0.00");
    assertThat(Numbers.toFixed(1e21, 2)).isEqualTo("1e+21");
    assertThat(Numbers.toPrecision(123.456, 4)).isEqualTo("123.5");
    assertThat(Numbers.toPrecision(0.000123, 2)).isEqualTo("0.00012");
    assertThat(Numbers.toPrecision(1e21, 3)).isEqualTo("1.00e+21");
    assertThat(Numbers.toPrecision(0, 3)).isEqualTo("0.00");
    assertThat(Numbers.toExponential(123456, 2)).isEqualTo("1.23e+5");
    assertThat(Numbers.toExponential(0, -1)).isEqualTo("0e+0");
    assertThat(Numbers.toExponential(0.00015, -1)).isEqualTo("1.5e-4");
    assertThat(Numbers.toRadix(255, 16)).isEqualTo("ff");
    assertThat(Numbers.toRadix(-0.5, 2)).isEqualTo("-0.1");
    assertThat(Numbers.toRadix(0.1, 2))
        .isEqualTo("0.0001100110011001100110011001100110011001100110011001101");
  }

  @Test
  void parsing() {
    assertThat(Numbers.parseWhole("")).isZero();
    assertThat(Numbers.parseWhole("  12.5e1 \n")).isEqualTo(125);
    assertThat(Numbers.parseWhole("0x1F")).isEqualTo(31);
    assertThat(Numbers.parseWhole("0b101")).isEqualTo(5);
    assertThat(Numbers.parseWhole("12px")).isNaN();
    assertThat(Numbers.parseWhole("1d")).isNaN();
    assertThat(Numbers.parseWhole("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(Numbers.parseWhole(".")).isNaN();
    assertThat(Numbers.parseFloat("3.14abc")).isEqualTo(3.14);
    assertThat(Numbers.parseFloat("5.")).isEqualTo(5);
    assertThat(Numbers.parseFloat(".5e")).isEqualTo(0.5);
    assertThat(Numbers.parseFloat("x")).isNaN();
    assertThat(Numbers.parseInt("42px", 0)).isEqualTo(42);
    assertThat(Numbers.parseInt("-0x1f", 0)).isEqualTo(-31);
    assertThat(Numbers.parseInt("z", 36)).isEqualTo(35);
    assertThat(Numbers.parseInt("10", 1)).isNaN();
    assertThat(Numbers.parseInt("", 10)).isNaN();
  }

  @Test
  void bitsOfNumbersAreReducedModulo2To32() {
    assertThat(Numbers.toInt32(4294967296.0 + 5)).isEqualTo(5);
    assertThat(Numbers.toInt32(-1.9)).isEqualTo(-1);
    assertThat(Numbers.toInt32(1e300)).isZero();
    assertThat(Numbers.toInt32(Double.NaN)).isZero();
    assertThat(Numbers.toInt32(2147483648.0)).isEqualTo(Integer.MIN_VALUE);
  }
}

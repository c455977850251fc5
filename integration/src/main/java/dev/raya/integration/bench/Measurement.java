package dev.raya.integration.bench;

import java.util.Arrays;

/**
 * Wall times of one command over all rounds.
 *
 * @param name of the row
 * @param millis one per round, sorted
 */
record Measurement(String name, double[] millis) {
  Measurement {
    millis = millis.clone();
    Arrays.sort(millis);
  }

  double median() {
    int n = millis.length;
    return n % 2 == 1 ? millis[n / 2] : (millis[n / 2 - 1] + millis[n / 2]) / 2;
  }

  double minimum() {
    return millis[0];
  }

  double maximum() {
    return millis[millis.length - 1];
  }
}

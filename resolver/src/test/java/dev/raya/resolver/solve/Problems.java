package dev.raya.resolver.solve;

import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemException;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** The problems among the test resources. */
public final class Problems {
  /** Files below {@code /resolver}. */
  public static final List<String> FILES =
      List.of(
          "known/dart.jsonl",
          "known/cargo.jsonl",
          "known/resolvo.jsonl",
          "known/pubgrub-large.jsonl.gz",
          "policy/policy.jsonl",
          "generated/deep-backtrack-20-10.json.gz",
          "generated/diamonds-20-5-6-s11.json.gz",
          "generated/ecosystem-800-s11-clash-single.json.gz",
          "generated/ecosystem-800-s11-majors.json.gz",
          "generated/falling-5-60.json.gz",
          "generated/lockstep-30-60.json.gz",
          "generated/lockstep-pin-40-40.json.gz",
          "generated/many-versions-10-500-s11.json.gz",
          "generated/monorepo-30-30.json.gz",
          "generated/old-leaf-20-30.json.gz",
          "generated/pigeons-5.json.gz",
          "generated/sat3-50-4.26-s11.json.gz",
          "generated/sudoku.json.gz",
          "real/debian-dev.json.gz",
          "real/debian-science.json.gz",
          "real/debian-server-conflicts.json.gz",
          "real/debian-server.json.gz",
          "real/npm-site-majors.json.gz",
          "real/npm-site-single.json.gz");

  private Problems() {}

  /** The problems of a file. */
  public static List<Problem> in(String file) {
    try (InputStream in =
        Objects.requireNonNull(Problems.class.getResourceAsStream("/resolver/" + file), file)) {
      return ProblemFile.read(in, file);
    } catch (IOException | ProblemException e) {
      throw new IllegalStateException(file, e);
    }
  }

  /** The one problem of that name in a file. */
  public static Problem named(String file, String name) {
    return in(file).stream()
        .filter(problem -> problem.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}

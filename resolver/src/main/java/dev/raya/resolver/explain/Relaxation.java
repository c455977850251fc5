package dev.raya.resolver.explain;

import dev.raya.resolver.solve.CandidateSource;

/**
 * A rule that leaves releases out and that the user could let go, for example the least age of a
 * release. An explanation proposes it if the request resolves with {@code source}.
 *
 * @param kind a word for programs, for example {@code allow-young}
 * @param text the advice as a line, without a full stop
 * @param source the candidates there are without the rule
 */
public record Relaxation(String kind, String text, CandidateSource source) {}

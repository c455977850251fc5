package dev.raya.resolver.solve;

/**
 * A set of a package's ranks as facts mention it; equal sets of one package are the same object.
 *
 * @param set the ranks
 * @param number its number among those of the package
 * @param only the one rank that it holds, or −1
 * @param isAll whether it holds every rank
 */
record Ranks(RankSet set, int number, int only, boolean isAll) {}

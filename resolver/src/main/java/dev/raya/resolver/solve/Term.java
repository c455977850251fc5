package dev.raya.resolver.solve;

/**
 * That a package is chosen in one of some ranks.
 *
 * @param pkg the package
 * @param set ranks of it
 */
record Term(SolverPackage pkg, RankSet set) {}

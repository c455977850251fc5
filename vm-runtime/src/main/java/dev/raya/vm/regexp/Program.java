package dev.raya.vm.regexp;

/**
 * A compiled pattern.
 *
 * @param groups the number of groups, the whole match included
 * @param marks the number of places that loops remember
 * @param splits the number of SPLIT instructions
 * @param pure whether there are neither back-references nor looks, so that whether a place leads to
 *     a match depends on instruction and position alone
 * @param prefix the unit every match starts with, or −1
 */
record Program(
    int[] code,
    CharSet[] sets,
    int groups,
    int marks,
    int splits,
    boolean pure,
    Regex.Flags flags,
    int prefix) {}

package dev.raya.cli.pm.fetch.git;

import dev.raya.cache.digest.Digest;
import java.nio.file.Path;

/**
 * The files of a commit, read-only, in a folder of the home.
 *
 * @param commit the full commit id
 * @param files the folder
 * @param tree digest of the files
 */
public record GitCheckout(String commit, Path files, Digest tree) {}

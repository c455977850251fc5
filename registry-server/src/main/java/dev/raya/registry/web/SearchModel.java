package dev.raya.registry.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of search results.
 *
 * @param query what was asked
 * @param hits best first
 * @param next address of the next page, or null
 */
record SearchModel(String query, List<Shown.Hit> hits, @Nullable String next) {}

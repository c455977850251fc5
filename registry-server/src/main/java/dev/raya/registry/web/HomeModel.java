package dev.raya.registry.web;

import java.util.List;

/**
 * The home page.
 *
 * @param origin the registry's own name
 * @param packages how many packages there are
 * @param versions how many versions
 * @param recent what was published last
 */
record HomeModel(String origin, String packages, String versions, List<Shown.Hit> recent) {}

/** The registry's pages in a headless Chromium. */
@NullMarked
package dev.raya.integration.browser;

import org.jspecify.annotations.NullMarked;

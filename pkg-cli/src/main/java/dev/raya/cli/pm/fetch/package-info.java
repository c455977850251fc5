/** The registry's HTTP client: bounded reads, index documents, batches, blobs and the API calls. */
@NullMarked
package dev.raya.cli.pm.fetch;

import org.jspecify.annotations.NullMarked;

/** What an owner may change about a package after publishing: status, tags, owners. */
@NullMarked
package dev.raya.registry.change;

import org.jspecify.annotations.NullMarked;

/** What a user or project allows of a version beyond its range: licences, advisories, age. */
@NullMarked
package dev.raya.resolver.policy;

import org.jspecify.annotations.NullMarked;

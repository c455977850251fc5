/** Accounts, their tokens and their signing keys. */
@NullMarked
package dev.raya.registry.account;

import org.jspecify.annotations.NullMarked;

/**
 * What every writer of durable files needs: forcing to disk, atomic replacement, deletion of trees.
 */
@NullMarked
package dev.raya.cache.disk;

import org.jspecify.annotations.NullMarked;

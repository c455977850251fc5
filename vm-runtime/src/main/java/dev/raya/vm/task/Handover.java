package dev.raya.vm.task;

import org.jspecify.annotations.Nullable;

/**
 * What the other side of a channel left for a blocked task.
 *
 * @param channel the channel
 * @param sent true if the task's value was taken, false if it got one
 * @param closed whether the channel was closed instead
 * @param word the word of the value received
 * @param ref the reference of the value received
 */
public record Handover(
    RChannel channel, boolean sent, boolean closed, long word, @Nullable Object ref) {}

package dev.raya.vm.task;

import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RError;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A channel (language.md 14.5): a FIFO buffer, and the tasks that wait to send or receive. */
public final class RChannel {
  /** The greatest capacity (stdlib.md 19). */
  public static final int MAX_CAPACITY = 1_000_000;

  /**
   * A value in the buffer or waiting to be sent.
   *
   * @param sender the blocked sender, null for a buffered value
   */
  public record Item(long word, @Nullable Object ref, @Nullable RTask sender) {}

  /** The element type. */
  public final LinkedType element;

  /** How many values it buffers, −1 without limit, 0 for direct hand-over. */
  public final int capacity;

  /** Buffered values, oldest first. */
  public final Deque<Item> buffer = new ArrayDeque<>(0);

  /** Values of blocked senders, oldest first. */
  public final Deque<Item> senders = new ArrayDeque<>(0);

  /** Blocked receivers, oldest first. */
  public final Deque<RTask> receivers = new ArrayDeque<>(0);

  /** Whether it was closed. */
  public boolean closed;

  /** What whoever receives after the last value is thrown, null if the channel ended well. */
  public @Nullable RError failure;

  /** Makes an open, empty channel. */
  public RChannel(LinkedType element, int capacity) {
    this.element = element;
    this.capacity = capacity;
  }

  /** Says whether a value could be sent without waiting, apart from receivers that wait. */
  public boolean hasRoom() {
    return capacity < 0 || buffer.size() < capacity;
  }
}

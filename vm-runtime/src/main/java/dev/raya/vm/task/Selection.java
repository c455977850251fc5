package dev.raya.vm.task;

import org.jspecify.annotations.Nullable;

/**
 * The cases a task waits for at once (rbin.md CHAN_SELECT): a value to send to a channel, or a
 * value to receive from it.
 *
 * @param channels the channels, by case
 * @param sends whether the case sends
 * @param words the words of values to send, in the form of the channel's element
 * @param refs the references of values to send
 */
public record Selection(
    RChannel[] channels, boolean[] sends, long[] words, @Nullable Object[] refs) {
  /** The case that another task's operation on a channel completed. */
  public int caseOf(Handover handover) {
    for (int i = 0; i < channels.length; i++) {
      if (channels[i] == handover.channel() && (handover.closed() || sends[i] == handover.sent())) {
        return i;
      }
    }
    throw new IllegalStateException("a hand-over of a channel that is not selected");
  }

  /** Takes a task out of the queues of all the channels. */
  public void withdraw(RTask task) {
    for (RChannel channel : channels) {
      channel.receivers.remove(task);
      channel.senders.removeIf(item -> item.sender() == task);
    }
  }
}

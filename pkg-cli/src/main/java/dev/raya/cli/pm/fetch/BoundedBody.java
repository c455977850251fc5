package dev.raya.cli.pm.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives a body into a sink and stops at a limit. The HTTP client calls it from one thread at a
 * time; {@link #received} may be read from any.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<Long> {
  private final OutputStream sink;
  private final long limit;
  private final AtomicLong received;
  private final LongConsumer watcher;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private long count;
  private Flow.@Nullable Subscription subscription;

  /** A body that is larger than allowed. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("the answer is larger than " + limit + " bytes");
    }
  }

  /**
   * Writes into {@code sink}, at most {@code limit} bytes.
   *
   * @param received counts what arrived, for whoever waits
   * @param watcher is told each time how many bytes arrived
   */
  BoundedBody(OutputStream sink, long limit, AtomicLong received, LongConsumer watcher) {
    this.sink = sink;
    this.limit = limit;
    this.received = received;
    this.watcher = watcher;
  }

  @Override
  public CompletionStage<Long> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (done.isDone()) {
      return;
    }
    try {
      for (ByteBuffer buffer : buffers) {
        int length = buffer.remaining();
        count += length;
        if (count > limit) {
          throw new TooLarge(limit);
        }
        received.addAndGet(length);
        watcher.accept(length);
        if (buffer.hasArray()) {
          sink.write(buffer.array(), buffer.arrayOffset() + buffer.position(), length);
        } else {
          byte[] bytes = new byte[length];
          buffer.get(bytes);
          sink.write(bytes);
        }
      }
    } catch (IOException failed) {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.cancel();
      }
      done.completeExceptionally(failed);
    }
  }

  @Override
  public void onError(Throwable failure) {
    done.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    done.complete(count);
  }
}

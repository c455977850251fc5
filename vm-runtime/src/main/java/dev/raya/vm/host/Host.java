package dev.raya.vm.host;

import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a program sees of the world outside (stdlib.md 2.2, 11, 14). The embedder gives it; the VM
 * itself asks the operating system for nothing.
 */
public interface Host {
  /** Writes text to standard output; the host may buffer it until {@link #flush}. */
  void out(String text);

  /** Writes text to standard error, after what was written to standard output before. */
  void err(String text);

  /** Lets everything written appear. */
  void flush();

  /** Returns the program's arguments. */
  List<String> arguments();

  /** Returns an environment variable, or null. */
  @Nullable String environment(String name);

  /** Returns the names of all environment variables, sorted. */
  default List<String> environmentNames() {
    return List.of();
  }

  /** Sets or, with null, removes a variable for this program and its children. */
  default void setEnvironment(String name, @Nullable String value) {
    throw new UnsupportedOperationException("this host has a fixed environment");
  }

  /** Returns the current directory. */
  String workingDirectory();

  /** Returns the number of the process. */
  long processId();

  /** Returns {@code linux}, {@code macos} or {@code windows}. */
  String platform();

  /** Returns {@code x64} or {@code arm64}. */
  String architecture();

  /** Returns the wall clock. */
  InstantSource clock();

  /** Returns the local time zone. */
  default ZoneId zone() {
    return ZoneOffset.UTC;
  }

  /** Returns a monotonic time in nanoseconds. */
  long nanoTime();

  /** Returns what programs can ask of the system beyond this: files, processes, the network. */
  default HostCalls calls() {
    return HostCalls.NONE;
  }

  /** Ends what {@link #calls} began; called once no program runs any more. */
  default void release() {}

  /** Returns the source of random numbers. */
  RandomGenerator random();

  /** Waits until {@link #nanoTime} reaches a time, or a moment longer. */
  void waitUntil(long nanoTime) throws InterruptedException;
}

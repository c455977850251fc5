/** Tasks, the scheduler, mutexes, channels and timers (vm.md 7). */
@NullMarked
package dev.raya.vm.task;

import org.jspecify.annotations.NullMarked;

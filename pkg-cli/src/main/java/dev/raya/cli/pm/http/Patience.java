package dev.raya.cli.pm.http;

import java.time.Duration;

/**
 * How long a peer may be slow.
 *
 * @param connect most time for a connection, its TLS handshake included in steps of this length
 * @param silence how long the peer may give less than {@code leastBytes}
 * @param leastBytes what it has to give in that time
 * @param sending how long it may take none of what is being sent, and be silent after a body
 */
public record Patience(Duration connect, Duration silence, long leastBytes, Duration sending) {}

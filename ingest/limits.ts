// Time-outs, intervals and bounds of ingest. Constants of a format or an algorithm stay beside it.

const kib = 1024;
const mib = 1024 * kib;

// Connections

/** Time limits of an RTMP connection, ms. */
export interface RtmpDeadlines {
  /** From connecting to the request to publish. */
  publishWithinMs: number;
  /** From the request to publish to the decision. */
  answerWithinMs: number;
  /** Without a byte for this long, the connection of a publisher is dead. */
  idleMs: number;
}

/** A decision may take as long as the media plane waits for a worker on a busy machine, 10 s, and for the start of the next one. */
export const rtmpDeadlines: RtmpDeadlines = { publishWithinMs: 10_000, answerWithinMs: 20_000, idleMs: 10_000 };

/** How often a connection checks its deadlines, ms. */
export const deadlineCheckIntervalMs = 500;

/** An encoder that sends nothing is pinged this often, ms: three times before its connection counts as dead. */
export const pingIntervalMs = 2500;

/**
 * How far media may be ahead of the server's clock, ms. A file is sent faster than real time and would fill the recording for
 * hours ahead, so that a live encoder after it finds its time taken. Relays that send whole groups of pictures stay below this.
 */
export const maxAheadMs = 2000;

/** Bounds of a pause in reading from a sender that is ahead, ms. */
export const minPauseMs = 20;
export const maxPauseMs = 1000;

/** How long the instructor is told that a sender was ahead, ms. */
export const aheadNoticeMs = 10_000;

/** How long a refused connection stays open, ms, so that the encoder receives the reason and shows it. */
export const lingerMs = 200;

/** Bytes that a client may send before it asks to publish. Handshake and commands of an encoder have 4 KB. */
export const maxOpeningBytes = 64 * kib;

/** Bytes of responses that a client has not read. An encoder reads its few small responses at once. */
export const maxUnreadBytes = 256 * kib;

/** Connections of one address that do not publish. A classroom building behind one address opens far fewer at once. */
export const maxOpeningPerAddress = 16;

/** Connections in all, publishing or not. */
export const maxConnections = 200;

/** Sockets in all. For a moment there are more than `maxConnections`, because the first bytes of each are read. Node accepts up to 511 at once. */
export const maxSockets = 1024;

/** Duration of a TLS handshake, ms. */
export const tlsHandshakeMs = 10_000;

// RTMP messages

/** One audio or video message, bytes. A 4K keyframe at 50 Mbit/s has about 2 MB. */
export const maxMediaMessageBytes = 8 * mib;

/** Any other message, bytes. */
export const maxCommandBytes = 64 * kib;

/** Bytes that all chunk streams of a connection hold at once, before it publishes and while it does. */
export const maxHeldBytes = { opening: 128 * kib, publishing: 24 * mib } as const;

/** Chunk streams of one connection. Encoders use five or six. */
export const maxChunkStreams = 64;

// Sessions

/** Takeovers in one course within `contestWindowMs` from encoders that still send. After that, the current encoder stays. */
export const maxTakeovers = 3;
export const contestWindowMs = 60_000;

/** A connection that was silent for longer, ms, is taken for dead: AAC frames come 47 times a second, and encoders wait 2 s before they reconnect. */
export const aliveWithinMs = 1000;

/** How long an encoder that sends something may take to send both video and audio, ms. */
export const bothTracksWithinMs = 5000;

/** The same for an encoder that sends nothing at all, ms. */
export const anythingWithinMs = 15_000;

/** How often the health of a session is reported and logged damage is repeated, ms. */
export const healthIntervalMs = 1000;
export const damageLogIntervalMs = 10_000;

/**
 * A session without a packet for this long is silent, ms, and viewers are notified. The connection stays open: delayed
 * media may still arrive, and an encoder that reconnects takes over. The recorder shows the last frame for the same time.
 */
export const silentAfterMs = 3000;
export const silenceCheckIntervalMs = 250;

/** A room opens within milliseconds. The recording does not wait longer than this, ms, for a room whose media worker hangs. */
export const attachWithinMs = 500;

/** Pause before a session tries again to open ingresses, ms. */
export const roomRetryMs = 500;

/** Log lines that clients can cause, for each window of `rateLimitedLogWindowMs`. */
export const maxLogLinesPerWindow = 20;
export const rateLimitedLogWindowMs = 10_000;

/** Bytes of frames kept since the last keyframe. Above this, none are kept until the next keyframe. */
export const maxRecentBytes = 48 * mib;

/** How much of a track is kept for its first reader, ms: a busy machine takes up to this long to attach a session. */
export const maxUnreadMs = 10_000;

// The WebRTC feed

/** How long the feed of a track is made after it has connected, and after its last viewer has left, ms: pages reload. */
export const feedLingerMs = 30_000;

/** Frames kept since the last keyframe for the next destination. A copied source has a keyframe every 2 s. */
export const maxResentFrames = 300;

/**
 * A source without a frame for this long, ms, has nothing new to send. A viewer who needs a keyframe gets the frames since the
 * last one again, each this many µs after the one before it.
 */
export const repeatAfterMs = 700;
export const repeatedFrameUs = 1000;

/** With more frames since the last keyframe, none are sent again: the next one comes soon. */
export const maxRepeatedFrames = 60;

/** Failures of an ffmpeg in a row after which the instructor is notified. */
export const reportedFailures = 3;

/** RTP packets sent at once, and the pause after them, ms. A receive buffer of 200 KB, the default on Linux, holds them. */
export const rtpBurstPackets = 48;
export const rtpBurstPauseMs = 2;

/** RTP packets that wait to be sent, about 12 MB. With more, the receiver or this machine does not keep up. */
export const maxQueuedPackets = 10_000;

/** Interval of RTCP sender reports, ms. */
export const senderReportIntervalMs = 1000;

// ffmpeg

/** How long `ffmpeg -version` may take at the start of the server, ms. */
export const ffmpegVersionMs = 10_000;

/** How often a running ffmpeg is checked, ms. */
export const ffmpegCheckIntervalMs = 250;

/** Without output for this long while it owes some, ffmpeg hangs, ms. Noticed within 3 s, with `ffmpegCheckIntervalMs`. */
export const ffmpegStallMs = 2500;

/** The same for an ffmpeg that was given many writes and uses no CPU at several checks in a row. */
export const idleFfmpegStall = { ms: 1000, writes: 10, checks: 3 } as const;

/** Extra time until the first output, ms. A new ffmpeg may first decode all frames since the last keyframe. */
export const ffmpegStartAllowanceMs = 3000;

/** Bytes that ffmpeg has not read yet. All frames since the last keyframe, written at once, must fit. */
export const maxFfmpegBacklogBytes = 48 * mib;

/** Delays between two starts of an ffmpeg that keeps failing, ms, doubling up to the maximum. The first restart comes at once. */
export const ffmpegRestart = { firstDelayMs: 250, maxDelayMs: 5000 } as const;

/** An ffmpeg that worked for this long was healthy, ms: its failure counts as the first. */
export const healthyFfmpegMs = 5000;

/** An ffmpeg is renewed for a changed source at most this often, ms. */
export const minFfmpegLifeMs = 500;

/** How long an ffmpeg may take for its last frames, ms. Then it is killed. The recorder waits longer for them. */
export const ffmpegFinishMs = 3000;

/** How long a reader that stops reading waits for frames that are being converted, ms. */
export const converterSettleMs = 1500;

/** How long a closed ffmpeg may take to exit, ms. Then it is killed. */
export const ffmpegCloseMs = 500;

/** A re-encoded frame may be this late, ms. With more than `maxLateFrames` later ones in a row, this machine does not keep up. */
export const maxFrameLatenessMs = 2000;
export const maxLateFrames = 60;

/** A relayed connection over which nothing passes for so long is closed, ms: longer than `pingIntervalMs`, at which the other node sends something. */
export const relayIdleMs = 10_000;

/** How long another node may take to accept a connection that is passed on to it, ms. */
export const relayConnectMs = 3000;

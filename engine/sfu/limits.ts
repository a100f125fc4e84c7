// Time-outs, intervals and bounds of the media plane. Constants of a format or an algorithm stay beside it.

const mib = 1024 * 1024;

// Workers

/** How long a room waits for a worker while all of them restart, ms. */
export const workerWaitMs = 5000;

/**
 * Delays between two attempts to start a worker, ms, doubling up to the maximum. A start takes some 50 ms and a class
 * waits for it, so that even a worker that keeps dying is started every second.
 */
export const workerRestart = { firstDelayMs: 100, maxDelayMs: 1000 } as const;

/** A worker that dies younger than this may die again at once: the next start waits longer. ms. */
export const youngWorkerMs = 60_000;

/** How long a closed worker may take to exit before it is killed, ms. */
export const workerCloseMs = 1000;

/** Pause between a worker's response and the next liveness request, ms. */
export const hangCheckIntervalMs = 500;

/** Silence is counted in steps of this length, ms, so that a pause of this process itself counts as one step at most. */
export const hangStepMs = 100;

/** Steps without a response after which a worker that uses no CPU counts as hung: within 2 s, with `hangCheckIntervalMs`. */
export const hangSteps = 15;

/** The same for a worker that uses the CPU or waits for it. An overloaded machine delays a process by seconds without a fault of its own. */
export const busyHangSteps = 100;

/** How long the measured CPU and bitrate of a worker take to follow a change by half, ms: a crowd that joins costs CPU for a moment only. */
export const meterHalfLifeMs = 4000;

/** What sending costs a worker, cores per bit/s: 814 to 840 Mbps of 720p30 use one core (`npm run bench`). It counts for viewers who joined after the last measurement. */
export const coresPerBps = 1 / 830e6;

/** Default share of a core that the worker of the publishers uses before viewers are placed on others: a class of up to some 150 stays on one. */
export const homeShare = 0.5;

/** Default share of a core from which on a worker takes no further viewer: beyond it packets are late. */
export const fullShare = 0.85;

/** Workers whose use differs by less are as good as each other, cores; the one with fewer tracks and subscriptions is chosen. */
export const useStep = 0.05;

/** How often the bitrate of a track is read while somebody is subscribed to it, ms. */
export const bitrateSampleMs = 2000;

/** The bitrate of a track until it is measured, bits per second: 720p30, and Opus. */
export const assumedBps = { video: 1_500_000, audio: 64_000 } as const;

// Transports

/** How long a track stays piped to a worker after its last subscriber there, and a room on a worker after its last viewer, ms. */
export const pipeLingerMs = 10_000;

/** Start of the bandwidth estimate of a viewer, until its feedback arrives, bits per second. */
export const initialOutgoingBitrateBps = 1_000_000;

/** Send and receive buffer of a media socket, bytes. A keyframe to a whole class fits; smaller buffers stall all viewers behind one. */
export const socketBufferBytes = 4 * mib;

/** What one presenter may send, bits per second. A camera in three layers and a 4K screen together stay below it. */
export const maxIncomingBitrateBps = 20_000_000;

/**
 * A publisher is sent at most one keyframe request in this time, ms, however many viewers join. Chromium ignores requests
 * within 300 ms of the last one (`EncoderRtcpFeedback` in WebRTC), and mediasoup repeats a request only after a second.
 */
export const keyFrameRequestDelayMs = 320;

/** Ports of RTP ingresses. Below Linux' ephemeral ports (from 32768), so that no client socket of this machine holds one. */
export const ingressPorts = { min: 20_000, max: 29_999 } as const;

/** How often an ingress checks that media still arrives, ms. */
export const arrivalCheckIntervalMs = 5000;

// Frame taps

/** How long the first packets of a tap are held, ms. Their capture times are known after some arrivals and a sender report. */
export const tapHoldMs = 1000;

/** How long a tap waits for a missing packet, ms: a few round trips, so that its retransmission can arrive. */
export const maxPacketWaitMs = 500;

/** Packets that a tap holds behind a missing one. At 5 Mbit/s it is about two seconds of video. */
export const maxHeldPackets = 1024;

/** A tap requests at most one keyframe in this time, ms. */
export const tapKeyframeRequestIntervalMs = 1000;

/** The largest encoded frame, bytes. A 4K keyframe at 50 Mbit/s has about 2 MB. */
export const maxFrameBytes = 8 * mib;

// VP8

/** An ffmpeg that failed is not started again within this time, ms. */
export const vp8RestartIntervalMs = 2000;

/** Bytes that ffmpeg has not read yet. Beyond this, frames are dropped until the next keyframe. */
export const maxVp8BacklogBytes = 4 * mib;

/** How far ffmpeg may be behind before frames are dropped, ms. The recording waits 3 s for one track of a group. */
export const maxVp8LagMs = 2000;

/** ffmpeg takes frames again once it is at most this far behind, ms, so that it does not fall behind again at once. */
export const vp8CaughtUpMs = 500;

/** ffmpeg outputs each frame at once. Without output for this long it hangs, ms; noticed with the next frame, within 3 s. */
export const vp8StallMs = 2500;

/** Extra time until the first output of ffmpeg, ms: its start on a busy machine. */
export const vp8StartAllowanceMs = 3000;

/** How long ffmpeg may take for its last frames, ms. Then it is killed. */
export const vp8FinishMs = 3000;

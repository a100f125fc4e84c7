import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import type { Clock, Logger } from '#engine/kernel';
import { requestsKeyframe } from './keyframeRequests.ts';
import { maxQueuedPackets, rtpBurstPackets, rtpBurstPauseMs, senderReportIntervalMs } from '../limits.ts';

/** Seconds from 1900, the epoch of NTP, to 1970. */
const ntpEpochSeconds = 2_208_988_800;

export interface RtpDestination {
  host: string;
  rtpPort: number;
  rtcpPort: number;
}

export interface RtpSenderOptions {
  ssrc: number;
  payloadType: number;
  clockRateHz: number;
  /** The capture time of timestamp zero, before the random offset. */
  originUs: number;
  clock: Clock;
  logger: Logger;
  /** The SFU requests a keyframe. */
  onKeyframeRequest?: () => void;
}

/**
 * Sends one track as RTP with sender reports, by which browsers keep video and audio in sync. Sequence numbers and timestamps
 * continue without a break when the encoder or the destination changes. Owns its UDP socket.
 */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  readonly #socket: Socket;
  readonly #timestampBase = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #destination: RtpDestination | undefined;
  #queue: Buffer[] = [];
  #cancelPause: (() => void) | undefined;
  #packetCount = 0;
  #octetCount = 0;
  #reportedAtMs = -Infinity;
  #isClosed = false;

  constructor(options: RtpSenderOptions) {
    this.#options = options;
    this.#socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) });
    this.#socket.on('error', (err) => options.logger.warn({ err }, 'rtp.sendFailed'));
    this.#socket.on('message', (packet) => {
      if (requestsKeyframe(packet)) options.onKeyframeRequest?.();
    });
    this.#socket.unref();
  }

  /** Packets go to this destination from now on; undefined drops them. */
  setDestination(destination: RtpDestination | undefined): void {
    this.#destination = destination;
    this.#queue = [];
    this.#reportedAtMs = -Infinity;
  }

  /** Sends the payloads of one frame that was captured at `timeUs`. */
  send(payloads: readonly Uint8Array[], timeUs: number): void {
    if (!this.#destination || this.#isClosed) return;
    const timestamp = this.#timestampAt(timeUs);
    for (const [i, payload] of payloads.entries()) {
      const isLast = i === payloads.length - 1;
      this.#queue.push(this.#packet({ payload, timestamp, hasMarker: isLast && this.#options.clockRateHz === 90_000 }));
    }
    if (this.#queue.length > maxQueuedPackets) this.#queue = [];
    if (!this.#cancelPause) this.#flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelPause?.();
    this.#socket.close();
  }

  #flush(): void {
    this.#cancelPause = undefined;
    const destination = this.#destination;
    if (!destination) return;
    this.#report(destination);
    for (const packet of this.#queue.splice(0, rtpBurstPackets)) this.#socket.send(packet, destination.rtpPort, destination.host);
    if (this.#queue.length > 0) this.#cancelPause = this.#options.clock.after(rtpBurstPauseMs, () => this.#flush());
  }

  #packet(packet: { payload: Uint8Array; timestamp: number; hasMarker: boolean }): Buffer {
    const { payload, timestamp, hasMarker } = packet;
    const out = Buffer.allocUnsafe(12 + payload.length);
    out[0] = 0x80;
    out[1] = (hasMarker ? 0x80 : 0) | this.#options.payloadType;
    out.writeUInt16BE(this.#sequence, 2);
    out.writeUInt32BE(timestamp, 4);
    out.writeUInt32BE(this.#options.ssrc, 8);
    out.set(payload, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packetCount += 1;
    this.#octetCount += payload.length;
    return out;
  }

  /** Sends a sender report, RFC 3550 §6.4.1. */
  #report(destination: RtpDestination): void {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#reportedAtMs < senderReportIntervalMs) return;
    this.#reportedAtMs = nowMs;
    const report = Buffer.alloc(28);
    report.writeUInt32BE(0x80c8_0006, 0);
    report.writeUInt32BE(this.#options.ssrc, 4);
    const seconds = Math.floor(nowMs / 1000);
    report.writeUInt32BE((seconds + ntpEpochSeconds) % 2 ** 32, 8);
    report.writeUInt32BE(Math.floor((nowMs / 1000 - seconds) * 2 ** 32), 12);
    report.writeUInt32BE(this.#timestampAt(nowMs * 1000), 16);
    report.writeUInt32BE(this.#packetCount % 2 ** 32, 20);
    report.writeUInt32BE(this.#octetCount % 2 ** 32, 24);
    this.#socket.send(report, destination.rtcpPort, destination.host);
  }

  #timestampAt(timeUs: number): number {
    const ticks = Math.round(((timeUs - this.#options.originUs) / 1e6) * this.#options.clockRateHz);
    return (((this.#timestampBase + ticks) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }
}

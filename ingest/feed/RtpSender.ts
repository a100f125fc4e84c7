import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import type { Clock, Logger } from '#engine/kernel';
import { asksForKeyframe } from './keyframeRequests.ts';
import { maxQueuedPackets, rtpBurstPackets, rtpBurstPauseMs, senderReportIntervalMs } from '../limits.ts';

/** Seconds from 1900, where NTP counts from, to 1970. */
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
  /** The capture time that the timestamps are counted from. */
  originUs: number;
  clock: Clock;
  logger: Logger;
  /** Someone who watches needs a keyframe; at most one a second. */
  onKeyframeRequest?: () => void;
}

/**
 * Sends one track as RTP with sender reports, so that a viewer's browser keeps picture and sound together. One unbroken
 * run of sequence numbers and timestamps, whatever feeds it and wherever it is aimed. Owns its UDP socket.
 */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  readonly #socket: Socket;
  readonly #timestampBase = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #aim: RtpDestination | undefined;
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
      if (asksForKeyframe(packet)) options.onKeyframeRequest?.();
    });
    this.#socket.unref();
  }

  /** Where packets go from now on; nowhere when undefined. */
  setDestination(aim: RtpDestination | undefined): void {
    this.#aim = aim;
    this.#queue = [];
    this.#reportedAtMs = -Infinity;
  }

  /** The payloads of one frame, captured at `timeUs`. */
  send(payloads: readonly Uint8Array[], timeUs: number): void {
    if (!this.#aim || this.#isClosed) return;
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
    const aim = this.#aim;
    if (!aim) return;
    this.#report(aim);
    for (const packet of this.#queue.splice(0, rtpBurstPackets)) this.#socket.send(packet, aim.rtpPort, aim.host);
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

  /** RFC 3550 §6.4.1. */
  #report(aim: RtpDestination): void {
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
    this.#socket.send(report, aim.rtcpPort, aim.host);
  }

  #timestampAt(timeUs: number): number {
    const ticks = Math.round(((timeUs - this.#options.originUs) / 1e6) * this.#options.clockRateHz);
    return (((this.#timestampBase + ticks) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  }
}

import type { RtpParameters } from '#engine/contract';
import { BareSignaling } from './BareSignaling.ts';
import { LecternSignaling } from './LecternSignaling.ts';
import { withTimeout } from '../trials/fuzz/withTimeout.ts';
import { MediaTransport } from './MediaTransport.ts';
import { nack, pictureLossIndication, receiverReport, transportFeedback } from './rtcpFeedback.ts';
import type { Arrival } from './rtcpFeedback.ts';
import type { RtpRelay } from './RtpRelay.ts';
import { transportSequence, transportSequenceUri } from './rtpHeader.ts';
import type { ReceivedTrack, ViewerSignaling, ViewerAddress } from './ViewerSignaling.ts';
import { StreamMeter } from './StreamMeter.ts';
import type { StreamCount } from './StreamMeter.ts';

const ownSsrc = 1;
/** One packet in so many is authenticated and decrypted, which proves that the stream is real. */
const decryptEvery = 50;
/** Feedback rounds for each receiver report. */
const roundsPerReport = 10;
const joinWithinMs = 30_000;
/** A page too opens another transport when one does not connect. */
const maxTransports = 3;
/** Beyond this, a keyframe is requested instead of a NACK. */
const maxNacked = 100;

interface Stream {
  ssrc: number;
  kind: ReceivedTrack['kind'];
  meter: StreamMeter;
  missing: number[];
}

/** One viewer of the pool: subscribes to every track, sends the RTCP of a browser, counts losses and delays. Owns its signaling and its transport. */
export class LoadViewer {
  readonly #signaling: ViewerSignaling;
  readonly #relay: RtpRelay | undefined;
  readonly #streams = new Map<number, Stream>();
  readonly #arrivals: Arrival[] = [];
  #transport: MediaTransport | undefined;
  #sequenceExtension: number | undefined;
  #rounds = Math.floor(Math.random() * roundsPerReport);
  #feedbackCount = 0;
  #packets = 0;
  #otherBytes = 0;
  #otherPackets = 0;
  #onVideo: (() => void) | undefined;
  decrypted = 0;
  /** From the first request until the tracks are resumed; the video then waits for its next keyframe. */
  connectedMs = NaN;
  /** Transports that did not connect and were replaced. */
  reopenedTransports = 0;

  private constructor(signaling: ViewerSignaling, relay: RtpRelay | undefined) {
    this.#signaling = signaling;
    this.#relay = relay;
  }

  /** Resolves with the first video packet. */
  static async join(address: ViewerAddress, relay?: RtpRelay): Promise<LoadViewer> {
    const startedAtMs = performance.now();
    const signaling = address.kind === 'lectern' ? await LecternSignaling.enter(address.baseUrl, address.ticket) : new BareSignaling(address.baseUrl);
    const viewer = new LoadViewer(signaling, relay);
    try {
      await viewer.#watch(startedAtMs);
      return viewer;
    } catch (err) {
      viewer.leave();
      throw err;
    }
  }

  setPaused(isPaused: boolean): Promise<void> {
    return this.#signaling.setPaused(isPaused);
  }

  mark(nowMs: number): void {
    this.#otherBytes = this.#otherPackets = 0;
    for (const { meter } of this.#streams.values()) meter.mark(nowMs);
  }

  /** What arrived since `mark`; retransmissions and probes count as traffic only. */
  count(): StreamCount {
    const sum: StreamCount = { packets: this.#otherPackets, bytes: this.#otherBytes, lost: 0, late: 0, worstDelayMs: 0 };
    for (const { meter } of this.#streams.values()) {
      const { packets, bytes, lost, late, worstDelayMs } = meter.count();
      sum.packets += packets;
      sum.bytes += bytes;
      sum.lost += lost;
      sum.late += late;
      sum.worstDelayMs = Math.max(sum.worstDelayMs, worstDelayMs);
    }
    return sum;
  }

  /** Called ten times a second. */
  report(): void {
    const transport = this.#transport;
    const [first] = this.#streams.values();
    if (!transport || !first) return;
    if (this.#arrivals.length > 0) {
      this.#feedbackCount += 1;
      transport.sendRtcp(transportFeedback(ownSsrc, first.ssrc, this.#feedbackCount, this.#arrivals));
      this.#arrivals.length = 0;
    }
    for (const stream of this.#streams.values()) this.#requestMissing(transport, stream);
    this.#rounds += 1;
    if (this.#rounds % roundsPerReport !== 0) return;
    const streams = [...this.#streams.values()].filter(({ meter }) => meter.highest >= 0);
    transport.sendRtcp(receiverReport(ownSsrc, streams.map(({ ssrc, meter }) => ({ ssrc, highest: meter.highest, fractionLost: 0 }))));
  }

  leave(): void {
    this.#transport?.close();
    this.#signaling.leave();
  }

  async #watch(startedAtMs: number): Promise<void> {
    this.#transport = await this.#openTransport();
    const video = new Promise<void>((resolve) => (this.#onVideo = resolve));
    await this.#signaling.setPaused(false);
    this.connectedMs = performance.now() - startedAtMs;
    await withTimeout('video', joinWithinMs, video);
  }

  async #openTransport(): Promise<MediaTransport> {
    const parameters = await this.#signaling.openTransport();
    const tracks = await this.#signaling.subscribeToAll();
    this.#streams.clear();
    for (const { kind, rtpParameters } of tracks) this.#expect(kind, rtpParameters);
    try {
      return await MediaTransport.open({
        parameters,
        connectTransport: (dtlsParameters) => this.#signaling.connectTransport(dtlsParameters),
        onRtp: (packet, atMs) => this.#receive(packet, atMs),
      });
    } catch (err) {
      this.reopenedTransports += 1;
      if (this.reopenedTransports === maxTransports) throw err;
      return this.#openTransport();
    }
  }

  #expect(kind: ReceivedTrack['kind'], { codecs, encodings, headerExtensions }: RtpParameters): void {
    const ssrc = encodings?.[0]?.ssrc;
    const clockRate = codecs[0]?.clockRate;
    if (ssrc === undefined || clockRate === undefined) throw new Error('a track without SSRC or clock rate');
    this.#streams.set(ssrc, { ssrc, kind, meter: new StreamMeter(clockRate), missing: [] });
    this.#sequenceExtension ??= headerExtensions?.find(({ uri }) => uri === transportSequenceUri)?.id;
  }

  #receive(packet: Buffer, atMs: number): void {
    if (this.#sequenceExtension !== undefined) {
      const sequence = transportSequence(packet, this.#sequenceExtension);
      if (sequence !== undefined) this.#arrivals.push({ sequence, atMs });
    }
    const stream = this.#streams.get(packet.readUInt32BE(8));
    if (!stream) {
      this.#otherBytes += packet.length;
      this.#otherPackets += 1;
      return;
    }
    if (this.#onVideo && stream.kind === 'video') {
      this.#onVideo();
      this.#onVideo = undefined;
    }
    const gap = stream.meter.receive(packet, atMs);
    if (gap) for (let index = 0; index < Math.min(gap.missingCount, maxNacked + 1); index += 1) stream.missing.push(gap.missingFrom + index);
    this.#packets += 1;
    if (this.#relay) this.#relay.send(stream.kind, this.#decrypt(packet));
    else if (this.#packets % decryptEvery === 0) this.#decrypt(packet);
  }

  #decrypt(packet: Buffer): Buffer {
    if (!this.#transport) throw new Error('media before the handshake');
    this.decrypted += 1;
    return this.#transport.decrypt(packet);
  }

  #requestMissing(transport: MediaTransport, stream: Stream): void {
    if (stream.missing.length === 0) return;
    if (stream.missing.length <= maxNacked) transport.sendRtcp(nack(ownSsrc, stream.ssrc, stream.missing));
    else if (stream.kind === 'video') transport.sendRtcp(pictureLossIndication(ownSsrc, stream.ssrc));
    stream.missing.length = 0;
  }
}

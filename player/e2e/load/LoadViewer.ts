import type { RtpParameters } from '#engine/contract';
import { BareSignaling } from './BareSignaling.ts';
import { LecternSignaling } from './LecternSignaling.ts';
import { MediaTransport } from './MediaTransport.ts';
import { nack, pictureLossIndication, receiverReport, transportFeedback } from './rtcpFeedback.ts';
import type { Arrival } from './rtcpFeedback.ts';
import type { RtpRelay } from './RtpRelay.ts';
import { transportSequence, transportSequenceUri } from './rtpHeader.ts';
import type { ReceivedTrack, ViewerSignaling, ViewerAddress } from './ViewerSignaling.ts';
import { StreamMeter } from './StreamMeter.ts';
import type { StreamCount } from './StreamMeter.ts';

const ownSsrc = 1;
/** One packet in so many is authenticated and decrypted, so that the stream is known to be real. */
const decryptEvery = 50;
/** Feedback rounds between two receiver reports. */
const roundsPerReport = 10;
const joinWithinMs = 30_000;
/** A browser too opens another transport when one does not connect. */
const maxPaths = 3;
/** RFC 3550 §6.4.1: a NACK for more than that is better a keyframe request. */
const maxNacked = 100;

interface Stream {
  ssrc: number;
  kind: ReceivedTrack['kind'];
  meter: StreamMeter;
  missing: number[];
}

/** One viewer of the crowd: takes every track, reports as a browser does, counts what is lost and late. Owns its seat and its path. */
export class LoadViewer {
  readonly #seat: ViewerSignaling;
  readonly #relay: RtpRelay | undefined;
  readonly #streams = new Map<number, Stream>();
  readonly #arrivals: Arrival[] = [];
  #path: MediaTransport | undefined;
  #sequenceExtension: number | undefined;
  #rounds = Math.floor(Math.random() * roundsPerReport);
  #feedbackCount = 0;
  #packets = 0;
  #otherBytes = 0;
  #otherPackets = 0;
  #hasPicture: (() => void) | undefined;
  decrypted = 0;
  /** From asking to be let in until the tracks are told to flow; the picture then waits for its next keyframe. */
  connectedMs = NaN;
  /** Paths that did not connect and were opened again. */
  reopenedTransports = 0;

  private constructor(seat: ViewerSignaling, relay: RtpRelay | undefined) {
    this.#seat = seat;
    this.#relay = relay;
  }

  /** Resolves with the first packet of a picture. */
  static async join(address: ViewerAddress, relay?: RtpRelay): Promise<LoadViewer> {
    const askedAtMs = performance.now();
    const seat = address.kind === 'lectern' ? await LecternSignaling.enter(address.baseUrl, address.ticket) : new BareSignaling(address.baseUrl);
    const viewer = new LoadViewer(seat, relay);
    try {
      await viewer.#watch(askedAtMs);
      return viewer;
    } catch (err) {
      viewer.leave();
      throw err;
    }
  }

  setPaused(isPaused: boolean): Promise<void> {
    return this.#seat.setPaused(isPaused);
  }

  mark(nowMs: number): void {
    this.#otherBytes = this.#otherPackets = 0;
    for (const { meter } of this.#streams.values()) meter.mark(nowMs);
  }

  /** What came since `mark`; retransmissions and probes count as traffic only. */
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
    const path = this.#path;
    const [first] = this.#streams.values();
    if (!path || !first) return;
    if (this.#arrivals.length > 0) {
      this.#feedbackCount += 1;
      path.sendRtcp(transportFeedback(ownSsrc, first.ssrc, this.#feedbackCount, this.#arrivals));
      this.#arrivals.length = 0;
    }
    for (const stream of this.#streams.values()) this.#askAgain(path, stream);
    this.#rounds += 1;
    if (this.#rounds % roundsPerReport !== 0) return;
    const streams = [...this.#streams.values()].filter(({ meter }) => meter.highest >= 0);
    path.sendRtcp(receiverReport(ownSsrc, streams.map(({ ssrc, meter }) => ({ ssrc, highest: meter.highest, fractionLost: 0 }))));
  }

  leave(): void {
    this.#path?.close();
    this.#seat.leave();
  }

  async #watch(askedAtMs: number): Promise<void> {
    this.#path = await this.#openPath();
    const picture = new Promise<void>((resolve) => (this.#hasPicture = resolve));
    await this.#seat.setPaused(false);
    this.connectedMs = performance.now() - askedAtMs;
    await within(joinWithinMs, picture);
  }

  async #openPath(): Promise<MediaTransport> {
    const parameters = await this.#seat.openTransport();
    const tracks = await this.#seat.subscribeToAll();
    this.#streams.clear();
    for (const { kind, rtpParameters } of tracks) this.#expect(kind, rtpParameters);
    try {
      return await MediaTransport.open({
        parameters,
        connectTransport: (dtlsParameters) => this.#seat.connectTransport(dtlsParameters),
        onRtp: (packet, atMs) => this.#receive(packet, atMs),
      });
    } catch (err) {
      this.reopenedTransports += 1;
      if (this.reopenedTransports === maxPaths) throw err;
      return this.#openPath();
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
    if (this.#hasPicture && stream.kind === 'video') {
      this.#hasPicture();
      this.#hasPicture = undefined;
    }
    const gap = stream.meter.receive(packet, atMs);
    if (gap) for (let index = 0; index < Math.min(gap.missingCount, maxNacked + 1); index += 1) stream.missing.push(gap.missingFrom + index);
    this.#packets += 1;
    if (this.#relay) this.#relay.send(stream.kind, this.#decrypt(packet));
    else if (this.#packets % decryptEvery === 0) this.#decrypt(packet);
  }

  #decrypt(packet: Buffer): Buffer {
    if (!this.#path) throw new Error('media before the handshake');
    this.decrypted += 1;
    return this.#path.decrypt(packet);
  }

  #askAgain(path: MediaTransport, stream: Stream): void {
    if (stream.missing.length === 0) return;
    if (stream.missing.length <= maxNacked) path.sendRtcp(nack(ownSsrc, stream.ssrc, stream.missing));
    else if (stream.kind === 'video') path.sendRtcp(pictureLossIndication(ownSsrc, stream.ssrc));
    stream.missing.length = 0;
  }
}

async function within<T>(limitMs: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no picture within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([task, expired]).finally(() => clearTimeout(timer));
}

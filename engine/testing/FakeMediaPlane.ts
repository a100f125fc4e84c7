import { CodedError } from '../contract/index.ts';
import type { DtlsParameters, LectureId, RtpCapabilities, RtpParameters, TrackKind, TransportParameters, WorkerReport } from '../contract/index.ts';
import type { ClientTransport, MediaCloseReason, MediaPlane, MediaRoom, MediaSubscription, MediaTrack, RtpIngress, RtpIngressOptions, TransportOptions } from '../lecture/index.ts';
import { ChildSet } from '../sfu/ChildSet.ts';
import { FakePart, fakeId } from './FakePart.ts';
import { FakeSubscription, FakeTrack } from './FakeTrack.ts';

const rtpCapabilities: RtpCapabilities = {
  codecs: [
    { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
    { kind: 'video', mimeType: 'video/H264', clockRate: 90_000 },
    { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  ],
  headerExtensions: [],
};

const dtlsAlgorithms = new Set(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']);

function carries({ codecs = [] }: RtpCapabilities, mimeType: string): boolean {
  return codecs.some((codec) => codec.mimeType.toLowerCase() === mimeType.toLowerCase());
}

class FakeTransport extends FakePart implements ClientTransport {
  readonly direction: 'send' | 'recv';
  readonly parameters: TransportParameters = {
    id: fakeId('transport'),
    iceParameters: { usernameFragment: 'u', password: fakeId('password'), iceLite: true },
    iceCandidates: [],
    dtlsParameters: { role: 'auto', fingerprints: [{ algorithm: 'sha-256', value: '00' }] },
  };
  readonly #tracks = new ChildSet<FakeTrack>();
  readonly #subscriptions = new ChildSet<FakeSubscription>();
  readonly #ssrcs = new Set<number>();
  #isConnected = false;

  constructor(direction: 'send' | 'recv') {
    super();
    this.direction = direction;
  }

  async connect({ fingerprints }: DtlsParameters): Promise<void> {
    this.requireOpen();
    if (this.#isConnected || !fingerprints.every(({ algorithm }) => dtlsAlgorithms.has(algorithm))) throw new CodedError('request.invalid', 'The connection was not accepted.');
    this.#isConnected = true;
  }

  async restartIce() {
    this.requireOpen();
    return { ...this.parameters.iceParameters, password: fakeId('password') };
  }

  async publish({ kind, rtpParameters, isPaused }: { kind: TrackKind; rtpParameters: RtpParameters; isPaused: boolean }): Promise<MediaTrack> {
    this.requireOpen();
    const mimeType = rtpParameters.codecs[0]?.mimeType ?? '';
    if (!carries(rtpCapabilities, mimeType)) throw new CodedError('media.unsupported', 'The track was not accepted.');
    const ssrc = rtpParameters.encodings?.[0]?.ssrc;
    if (ssrc !== undefined && this.#ssrcs.has(ssrc)) throw new CodedError('request.invalid', 'The track was not accepted.');
    const track = FakeTrack.withoutMedia(kind, mimeType);
    track.isPaused = isPaused;
    if (ssrc !== undefined) {
      this.#ssrcs.add(ssrc);
      track.onClosed(() => this.#ssrcs.delete(ssrc));
    }
    return this.#tracks.add(track);
  }

  async subscribe(track: MediaTrack, browser: RtpCapabilities): Promise<MediaSubscription> {
    if (!(track instanceof FakeTrack) || track.isClosed) throw new CodedError('media.unavailable', 'This track is being connected again; try again in a moment.');
    this.requireOpen();
    if (!carries(browser, track.mimeType)) throw new CodedError('media.unsupported', 'This browser cannot play the format of this lecture. Use a current Chrome, Edge, Firefox or Safari.');
    return this.#subscriptions.add(track.addSubscription(new FakeSubscription(track)));
  }

  protected override release(reason: MediaCloseReason): void {
    this.#tracks.close(reason);
    this.#subscriptions.close(reason);
  }
}

export class FakeRoom extends FakePart implements MediaRoom {
  readonly rtpCapabilities = rtpCapabilities;
  readonly #transports = new ChildSet<FakeTransport>();
  readonly #ingressTracks = new ChildSet<FakeTrack>();
  readonly lectureId: LectureId;
  /** No further viewer finds a place. */
  isFull = false;
  #lastPort = 20_000;

  constructor(lectureId: LectureId) {
    super();
    this.lectureId = lectureId;
  }

  get viewers(): number {
    return this.#transports.sum(({ direction }) => (direction === 'recv' ? 1 : 0));
  }

  async openClientTransport(direction: 'send' | 'recv', { hasPlace = false }: TransportOptions = {}): Promise<ClientTransport> {
    this.requireOpen();
    if (direction === 'recv' && this.isFull && !hasPlace) throw new CodedError('lecture.full', 'This lecture is full here.');
    return this.#transports.add(new FakeTransport(direction));
  }

  /** The viewers were on a worker of their own, which dies. */
  loseBranch(): void {
    for (const transport of [...this.#transports]) if (transport.direction === 'recv') transport.close('branchLost');
  }

  async openRtpIngress({ kind }: RtpIngressOptions): Promise<RtpIngress> {
    this.requireOpen();
    const track = this.#ingressTracks.add(FakeTrack.withoutMedia(kind));
    return { host: '127.0.0.1', rtpPort: (this.#lastPort += 1), rtcpPort: (this.#lastPort += 1), track, close: (reason) => track.close(reason) };
  }

  protected override release(reason: MediaCloseReason): void {
    this.#transports.close(reason);
    this.#ingressTracks.close(reason);
  }
}

/** A media plane without media. It passes the same conformance suite as the SFU. */
export class FakeMediaPlane implements MediaPlane {
  readonly rooms: FakeRoom[] = [];
  /** No room opens before this resolves, as while a media worker is replaced. */
  workerIsBack: Promise<void> = Promise.resolve();
  hasWorker = true;
  /** How many rooms were requested, including those that are not open yet. */
  askedRooms = 0;
  readonly #openRooms = new ChildSet<FakeRoom>();
  #isClosed = false;

  get isAvailable(): boolean {
    return this.hasWorker && !this.#isClosed;
  }

  /** One worker, which uses no CPU. */
  get workers(): readonly WorkerReport[] {
    const lectures = [...this.#openRooms].map(({ lectureId, viewers }) => ({ lectureId, viewers, pipes: 0, egressBps: 0, hasPublishers: true }));
    return [{ index: 0, pid: this.hasWorker ? 1 : null, cpuShare: 0, egressBps: 0, lectures }];
  }

  async openRoom(lectureId: LectureId): Promise<MediaRoom> {
    if (this.#isClosed) throw new CodedError('server.stopping', 'The server is stopping.');
    this.askedRooms += 1;
    await this.workerIsBack;
    const room = new FakeRoom(lectureId);
    this.rooms.push(room);
    return this.#openRooms.add(room);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#openRooms.close('stopping');
  }
}

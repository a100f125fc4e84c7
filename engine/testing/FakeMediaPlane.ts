import type {
  ClientTransport,
  MediaCloseReason,
  MediaPlane,
  MediaRoom,
  MediaSubscription,
  MediaTrack,
  RtpIngress,
} from '../lecture/index.ts';
import type { FrameTap } from '../media/index.ts';
import type { TrackKind } from '../contract/index.ts';

type CloseListener = (reason: MediaCloseReason) => void;

/** Closing once, telling everyone once: what every part of the fake plane does. */
class Closable {
  readonly #listeners = new Set<CloseListener>();
  isClosed = false;

  onClosed(listener: CloseListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(reason: MediaCloseReason): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const listener of [...this.#listeners]) listener(reason);
  }
}

const noFrames: FrameTap = { open: async () => ({ end: () => undefined, close: () => undefined }) };
let nextTrack = 1;

export class FakeTrack extends Closable implements MediaTrack {
  readonly id = `track-${nextTrack++}`;
  readonly isSimulcast = false;
  readonly kind: TrackKind;
  readonly frames: FrameTap;
  isPaused = false;
  hasMedia = true;
  readonly #onMedia = new Set<() => void>();

  constructor(kind: TrackKind, frames: FrameTap = noFrames) {
    super();
    this.kind = kind;
    this.frames = frames;
  }

  /** Nothing of it comes until `media`. */
  static withoutMedia(kind: TrackKind): FakeTrack {
    const track = new FakeTrack(kind);
    track.hasMedia = false;
    return track;
  }

  media(): void {
    this.hasMedia = true;
    for (const listener of this.#onMedia) listener();
  }

  onMedia(listener: () => void): () => void {
    if (this.hasMedia) listener();
    else this.#onMedia.add(listener);
    return () => this.#onMedia.delete(listener);
  }

  async pause(): Promise<void> {
    this.isPaused = true;
  }

  async resume(): Promise<void> {
    this.isPaused = false;
  }
}

class FakeSubscription extends Closable implements MediaSubscription {
  readonly parameters: MediaSubscription['parameters'];

  constructor(track: MediaTrack) {
    super();
    this.parameters = { id: `consumer-of-${track.id}`, trackId: track.id, kind: track.kind, rtpParameters: { codecs: [{ mimeType: 'video/H264', payloadType: 102, clockRate: 90_000 }] } };
    track.onClosed((reason) => this.close(reason));
  }

  async pause(): Promise<void> {}
  async resume(): Promise<void> {}
  async setPreferredLayers(): Promise<void> {}

  onLayersChanged(): () => void {
    return () => undefined;
  }
}

class FakeTransport extends Closable implements ClientTransport {
  readonly parameters = {
    id: 'fake-transport',
    iceParameters: { usernameFragment: 'u', password: 'p', iceLite: true },
    iceCandidates: [],
    dtlsParameters: { role: 'auto' as const, fingerprints: [{ algorithm: 'sha-256', value: '00' }] },
  };

  async connect(): Promise<void> {}

  async restartIce() {
    return this.parameters.iceParameters;
  }

  async publish({ kind }: { kind: TrackKind }): Promise<MediaTrack> {
    const track = new FakeTrack(kind);
    this.onClosed((reason) => track.close(reason));
    return track;
  }

  async subscribe(track: MediaTrack): Promise<MediaSubscription> {
    const subscription = new FakeSubscription(track);
    this.onClosed((reason) => subscription.close(reason));
    return subscription;
  }
}

export class FakeRoom extends Closable implements MediaRoom {
  readonly rtpCapabilities = { codecs: [], headerExtensions: [] };

  async openClientTransport(): Promise<ClientTransport> {
    const transport = new FakeTransport();
    this.onClosed((reason) => transport.close(reason));
    return transport;
  }

  async openRtpIngress({ kind }: { kind: TrackKind }): Promise<RtpIngress> {
    const track = new FakeTrack(kind);
    this.onClosed((reason) => track.close(reason));
    return { host: '127.0.0.1', rtpPort: 9, rtcpPort: 9, track, close: (reason) => track.close(reason) };
  }
}

/** A media plane without media: rooms, transports and tracks that open, close and tell, as the real ones do. */
export class FakeMediaPlane implements MediaPlane {
  readonly rooms: FakeRoom[] = [];
  /** No room is opened before this is there: a media worker that is being replaced. */
  workerIsBack: Promise<void> = Promise.resolve();
  /** How many rooms were asked for, those that are not there yet among them. */
  askedRooms = 0;

  async openRoom(): Promise<MediaRoom> {
    this.askedRooms += 1;
    await this.workerIsBack;
    const room = new FakeRoom();
    this.rooms.push(room);
    return room;
  }

  async close(): Promise<void> {
    for (const room of this.rooms) room.close('stopping');
  }
}

import { afterEach, beforeEach } from 'vitest';
import { LectureId } from '../contract/index.ts';
import type { RtpParameters } from '../contract/index.ts';
import { newId } from '../kernel/newId.ts';
import type { ClientTransport, MediaCloseReason, MediaPlane, MediaRoom, MediaSubscription, MediaTrack, RtpIngress, RtpIngressOptions, Unsubscribe } from '../lecture/index.ts';

export interface OpenedMediaPlane {
  plane: MediaPlane;
  /** Sends RTP of the track to its ingress, as an encoder does. */
  sendMedia: (ingress: RtpIngress, options: RtpIngressOptions) => void;
  /** Kills the process that carries the room. */
  killWorker: (room: MediaRoom) => void;
  cleanup: () => Promise<void>;
}

interface Closable {
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
}

export const audioIngress: RtpIngressOptions = { kind: 'audio', ssrc: 1111, payloadType: 111 };
export const videoIngress: RtpIngressOptions = { kind: 'video', ssrc: 1111, payloadType: 102, profileLevelId: '42e01f' };
const opus = (ssrc: number): RtpParameters => ({ codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }], encodings: [{ ssrc }] });

/** Records who closes, in order. */
export function recordCloses(parts: Record<string, Closable>): { name: string; reason: MediaCloseReason }[] {
  const closes: { name: string; reason: MediaCloseReason }[] = [];
  for (const [name, part] of Object.entries(parts)) part.onClosed((reason) => closes.push({ name, reason }));
  return closes;
}

/** One of each part of a room: `ofPublished` and `ofIngress` are subscriptions to `published` and `ingressTrack`. */
export interface MediaParts extends Record<string, Closable> {
  ofPublished: MediaSubscription;
  ofIngress: MediaSubscription;
  published: MediaTrack;
  ingressTrack: MediaTrack;
  send: ClientTransport;
  recv: ClientTransport;
  room: MediaRoom;
}

/** A media plane with an open room, new for each test. */
export class MediaPlaneBench {
  #opened: OpenedMediaPlane | undefined;
  #room: MediaRoom | undefined;

  get opened(): OpenedMediaPlane {
    if (!this.#opened) throw new Error('the bench is not open');
    return this.#opened;
  }

  get room(): MediaRoom {
    if (!this.#room) throw new Error('the bench is not open');
    return this.#room;
  }

  async open(openPlane: () => Promise<OpenedMediaPlane>): Promise<void> {
    this.#opened = await openPlane();
    this.#room = await this.openRoom();
  }

  openRoom(): Promise<MediaRoom> {
    return this.opened.plane.openRoom(LectureId.parse(newId('lec')));
  }

  publish(transport: ClientTransport, ssrc = 7): Promise<MediaTrack> {
    return transport.publish({ kind: 'audio', rtpParameters: opus(ssrc), isPaused: false });
  }

  subscribe(transport: ClientTransport, track: MediaTrack): Promise<MediaSubscription> {
    return transport.subscribe(track, this.room.rtpCapabilities);
  }

  async openEverything(): Promise<{ parts: MediaParts; ingress: RtpIngress }> {
    const { room } = this;
    const [send, recv] = [await room.openClientTransport('send'), await room.openClientTransport('recv')];
    const ingress = await room.openRtpIngress(audioIngress);
    const published = await this.publish(send);
    const [ofPublished, ofIngress] = [await this.subscribe(recv, published), await this.subscribe(recv, ingress.track)];
    return { parts: { ofPublished, ofIngress, published, ingressTrack: ingress.track, send, recv, room }, ingress };
  }
}

export function useMediaPlaneBench(openPlane: () => Promise<OpenedMediaPlane>): MediaPlaneBench {
  const bench = new MediaPlaneBench();
  beforeEach(() => bench.open(openPlane));
  afterEach(() => bench.opened.cleanup());
  return bench;
}

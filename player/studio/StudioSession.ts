import { effect, signal } from '@preact/signals';
import type { ParticipantId } from '#engine/contract';
import { background } from '../app/background.ts';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { LocalSourceKind } from '../live/trackEncodings.ts';
import { LocalSource } from './LocalSource.ts';
import { openDevice } from './openDevice.ts';

export interface Device {
  deviceId: string;
  label: string;
}

/** The microphone first: when a broadcast is paused, video that ends before it would look like a camera that is turned off. */
const kinds = ['microphone', 'camera', 'screen'] as const satisfies readonly LocalSourceKind[];

/**
 * The instructor's sources, and whether they are on air. While on air, the sources that are on are published to the room.
 * Owns the sources; `close` stops them.
 */
export class StudioSession {
  readonly sources: Record<LocalSourceKind, LocalSource> = {
    camera: new LocalSource(openDevice.camera),
    microphone: new LocalSource(openDevice.microphone),
    screen: new LocalSource(openDevice.screen),
  };
  readonly isOnAir = signal(false);
  readonly isMuted = signal(false);
  /** Someone else went on the air instead of camera and microphone, and they have not been on the air since. */
  readonly wasTakenOver = signal(false);
  /** This page has put another source on the air. Its own is still sent, on standby, so that a click brings it back. */
  readonly isStandingBy = signal(false);
  readonly cameras = signal<readonly Device[]>([]);
  readonly microphones = signal<readonly Device[]>([]);
  private readonly effects: readonly (() => void)[];
  private readonly connection: RoomConnection;

  constructor(connection: RoomConnection) {
    this.connection = connection;
    this.effects = [effect(() => this.syncPublisher()), effect(() => this.leaveAirWhenTakenOver())];
  }

  /** True if a source is on. */
  get hasSource(): boolean {
    return kinds.some((kind) => this.sources[kind].state.value.status === 'on');
  }

  /** The camera or a screen is on. */
  get hasVideo(): boolean {
    return (['camera', 'screen'] as const).some((kind) => this.sources[kind].state.value.status === 'on');
  }

  /** The microphone is published, and the network does not block it. */
  get isHeard(): boolean {
    const { publisher, reachability } = this.connection;
    return publisher.sending.value.has('microphone') && !reachability.send.isBlocked.value && this.connection.isJoined.value;
  }

  setMuted(isMuted: boolean): void {
    this.isMuted.value = isMuted;
    const { track } = this.sources.microphone;
    if (track) track.enabled = !isMuted;
    this.connection.publisher.setPaused('microphone', isMuted);
  }

  /** Puts a source of the room on the air: this page, an encoder or another presenter. @throws the error of the room */
  async choose(participantId: ParticipantId): Promise<void> {
    const isOwn = participantId === this.connection.room.peek()?.self.id;
    const before = this.isStandingBy.peek();
    if (!isOwn && this.isOnAir.peek()) this.isStandingBy.value = true;
    try {
      await this.connection.request('air.choose', { participantId });
      if (isOwn) this.isStandingBy.value = false;
    } catch (error) {
      this.isStandingBy.value = before;
      throw error;
    }
  }

  /** Turns a camera on or off, or a screen; mutes a microphone that is on. */
  toggle(kind: LocalSourceKind): void {
    const source = this.sources[kind];
    if (kind === 'microphone' && source.track) this.setMuted(!this.isMuted.peek());
    else if (source.track) source.stop();
    else if (kind === 'screen') background(source.startUnlessDeclined());
    else background(source.start().then(() => this.listDevices()));
  }

  /** Starts camera and microphone, if they are off. */
  async startDevices(): Promise<void> {
    const { camera, microphone } = this.sources;
    await Promise.all([camera, microphone].filter(({ state }) => state.peek().status === 'off').map((source) => source.start()));
    await this.listDevices();
  }

  /** The labels are empty until the user has allowed a device once. */
  async listDevices(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const ofKind = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind && device.deviceId !== '');
    this.cameras.value = ofKind('videoinput');
    this.microphones.value = ofKind('audioinput');
  }

  /** Stops publishing and turns off every device. */
  goOffAir(): void {
    this.isOnAir.value = false;
    for (const kind of kinds) this.sources[kind].stop();
  }

  close(): void {
    for (const stop of this.effects) stop();
    this.goOffAir();
  }

  /** A screen that is still on the air stays there, without camera and microphone. */
  private leaveAirWhenTakenOver(): void {
    const takenOver = this.connection.publisher.takenOver.value;
    if (takenOver.has('screen')) this.sources.screen.stop();
    if (this.isStandingBy.peek() || (!takenOver.has('camera') && !takenOver.has('microphone'))) return;
    const keepsScreen = this.sources.screen.state.peek().status === 'on' && !takenOver.has('screen');
    if (!keepsScreen) this.isOnAir.value = false;
    for (const kind of ['camera', 'microphone'] as const) if (keepsScreen) this.sources[kind].stop();
    this.wasTakenOver.value = true;
  }

  private syncPublisher(): void {
    if (!this.isOnAir.value) this.isStandingBy.value = false;
    for (const kind of kinds) {
      const state = this.sources[kind].state.value;
      if (this.isOnAir.value && state.status === 'on' && kind !== 'screen') this.wasTakenOver.value = false;
      if (this.isOnAir.value && state.status === 'on') this.connection.publisher.publish(kind, state.track, kind === 'microphone' && this.isMuted.peek());
      else if (!this.isOnAir.value || state.status !== 'starting') this.connection.publisher.unpublish(kind, { isOff: this.isOnAir.value });
    }
  }
}

import { effect, signal } from '@preact/signals';
import type { RoomConnection } from '../live/RoomConnection.ts';
import type { LocalSourceKind } from '../live/trackEncodings.ts';
import { LocalSource } from './LocalSource.ts';
import { openDevice } from './openDevice.ts';

export interface Device {
  deviceId: string;
  label: string;
}

const kinds = ['camera', 'microphone', 'screen'] as const satisfies readonly LocalSourceKind[];

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
  readonly cameras = signal<readonly Device[]>([]);
  readonly microphones = signal<readonly Device[]>([]);
  private readonly stopSync: () => void;
  private readonly connection: RoomConnection;

  constructor(connection: RoomConnection) {
    this.connection = connection;
    this.stopSync = effect(() => this.syncPublisher());
  }

  /** True if a source is on. */
  get hasSource(): boolean {
    return kinds.some((kind) => this.sources[kind].state.value.status === 'on');
  }

  setMuted(isMuted: boolean): void {
    this.isMuted.value = isMuted;
    const { track } = this.sources.microphone;
    if (track) track.enabled = !isMuted;
    this.connection.publisher.setPaused('microphone', isMuted);
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
    this.stopSync();
    this.goOffAir();
  }

  private syncPublisher(): void {
    for (const kind of kinds) {
      const state = this.sources[kind].state.value;
      if (this.isOnAir.value && state.status === 'on') this.connection.publisher.publish(kind, state.track, kind === 'microphone' && this.isMuted.peek());
      else if (!this.isOnAir.value || state.status !== 'starting') this.connection.publisher.unpublish(kind);
    }
  }
}

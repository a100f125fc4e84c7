import { signal } from '@preact/signals';
import type { DeviceProblem } from './deviceProblem.ts';
import { deviceProblemOf } from './deviceProblem.ts';
import type { OpenDevice } from './openDevice.ts';

export type SourceState =
  | { status: 'off' }
  | { status: 'starting' }
  /** `isChanging` while another device is being opened. */
  | { status: 'on'; track: MediaStreamTrack; deviceId: string | undefined; isChanging: boolean }
  | { status: 'failed'; problem: DeviceProblem };

/**
 * A camera, microphone or screen of this computer. Owns its track; `stop` ends it. The browser also ends it when the
 * device is unplugged or the user stops sharing.
 */
export class LocalSource {
  readonly state = signal<SourceState>({ status: 'off' });
  private readonly open: OpenDevice;
  /** Counts starts and stops, so that a device that opens too late is closed again. */
  private generation = 0;

  constructor(open: OpenDevice) {
    this.open = open;
  }

  get track(): MediaStreamTrack | undefined {
    const { value } = this.state;
    return value.status === 'on' ? value.track : undefined;
  }

  /** Opens the device, or switches to another one. The earlier device runs until the new one does. Never rejects. */
  async start(deviceId?: string): Promise<void> {
    this.generation += 1;
    const { generation } = this;
    const earlier = this.state.value;
    this.state.value = earlier.status === 'on' ? { ...earlier, isChanging: true } : { status: 'starting' };
    try {
      const track = await this.openOver(deviceId);
      if (generation !== this.generation) return track.stop();
      this.end(earlier);
      this.state.value = { status: 'on', track, deviceId: track.getSettings().deviceId ?? deviceId, isChanging: false };
      track.addEventListener('ended', () => {
        if (this.track === track) this.ended();
      });
    } catch (error) {
      if (generation !== this.generation) return;
      this.end(earlier);
      this.state.value = { status: 'failed', problem: deviceProblemOf(error) };
    }
  }

  /** Like `start`, but closing the browser's screen picker is not a failure. */
  async startUnlessDeclined(): Promise<void> {
    await this.start();
    const { value } = this.state;
    if (value.status === 'failed' && value.problem === 'denied') this.state.value = { status: 'off' };
  }

  fail(problem: DeviceProblem): void {
    this.stop();
    this.state.value = { status: 'failed', problem };
  }

  stop(): void {
    this.generation += 1;
    this.end(this.state.value);
    this.state.value = { status: 'off' };
  }

  /** Some devices can be opened only after the earlier one is closed, such as the two cameras of a phone. */
  private async openOver(deviceId: string | undefined): Promise<MediaStreamTrack> {
    try {
      return await this.open(deviceId);
    } catch (error) {
      const { track } = this;
      if (!track || deviceProblemOf(error) !== 'busy') throw error;
      track.stop();
      return this.open(deviceId);
    }
  }

  private ended(): void {
    this.generation += 1;
    this.state.value = { status: 'off' };
  }

  private end(state: SourceState): void {
    if (state.status === 'on') state.track.stop();
  }
}

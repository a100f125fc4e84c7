/** What is quieter than this is shown as nothing. */
const floorDb = -60;

/** Listens to a microphone and says how loud it is. Owns an audio context; `close` ends it. */
export class LevelMeter {
  private readonly context: AudioContext;
  private readonly analyser: AnalyserNode;
  private readonly samples: Float32Array<ArrayBuffer>;

  constructor(track: MediaStreamTrack) {
    this.context = new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.context.createMediaStreamSource(new MediaStream([track])).connect(this.analyser);
  }

  /** False while the browser waits for a touch before it runs audio. */
  get isRunning(): boolean {
    return this.context.state === 'running';
  }

  /** From 0 (silent) to 1 (as loud as it can be), on a scale like the ear's. */
  read(): number {
    this.analyser.getFloatTimeDomainData(this.samples);
    return levelOf(this.samples);
  }

  async resume(): Promise<void> {
    if (this.context.state === 'suspended') await this.context.resume();
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** Root mean square of samples in decibels, from the floor to full scale as 0 to 1. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(samples.length, 1);
  if (power === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / floorDb));
}

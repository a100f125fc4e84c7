/** Audio below this level is shown as 0. */
const floorDb = -60;

/** Measures the level of a microphone. Owns an audio context; `close` closes it. */
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

  /** False until the user interacts with the page and the browser allows audio. */
  get isRunning(): boolean {
    return this.context.state === 'running';
  }

  /** The level from 0 (silence) to 1 (full scale), on a logarithmic scale. */
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

/** The root mean square of the samples in decibels, mapped from floor to full scale to 0 to 1. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(samples.length, 1);
  if (power === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (10 * Math.log10(power)) / floorDb));
}

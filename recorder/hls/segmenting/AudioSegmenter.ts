// Responsible for placing an audio track on the lecture's clock. A sample-exact running clock keeps rounded timestamps from
// crackling; it is realigned when the frames' own times have drifted. Gaps are filled with silence, because MediaSource
// does not play video over a gap in the audio. Owns the segment in progress.
import { aacFrames } from '#engine/media';
import type { AudioFormat } from '#engine/media';
import { silentFrame } from '../filler/silentFrame.ts';
import type { SilentFrame } from '../filler/silentFrame.ts';
import { audioTimescale } from '../fmp4/initSegment.ts';
import { opusPacketSamples } from './opusPacketSamples.ts';
import { RecordingSegmenter } from './RecordingSegmenter.ts';
import { isSameFormat } from './TrackSegmenter.ts';
import type { SegmenterFrame, SegmenterOptions, TrackSegmenter } from './TrackSegmenter.ts';
import { epochJoinMs, maxAudioDriftMs } from '../../limits.ts';

export class AudioSegmenter implements TrackSegmenter {
  readonly #options: SegmenterOptions;
  readonly #segmenter: RecordingSegmenter;
  #format: AudioFormat | undefined;
  /** A new format takes effect with the first frame that is not too old, so that no epoch is empty. */
  #nextFormat: AudioFormat | undefined;
  #silence: SilentFrame | undefined;
  #hasBegun = false;
  #epoch: number;
  /** Fractional where the sampling rate does not divide the timescale; samples are placed at the nearest tick. */
  #endTicks = 0;
  #dropped = 0;

  constructor(options: SegmenterOptions) {
    this.#options = options;
    this.#segmenter = new RecordingSegmenter(options);
    this.#endTicks = Math.ceil((options.resumeAtUs * audioTimescale) / 1e6);
    this.#epoch = options.resumeEpoch;
    if (options.resumeFormat?.kind !== 'audio') return;
    this.#format = options.resumeFormat;
    this.#silence = silentFrame(options.resumeFormat);
  }

  get endUs(): number {
    return (this.#endTicks * 1e6) / audioTimescale;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get droppedFrames(): number {
    return this.#dropped;
  }

  frame(frame: SegmenterFrame): void {
    const change = frame.change?.format;
    if (change?.kind === 'audio') this.#nextFormat = change;
    const format = this.#nextFormat ?? this.#format;
    if (!format || this.#isTooOld(frame)) return this.#drop();
    const samples = format.codec === 'opus' ? opusPacketSamples(frame.data) : this.#aacSamplesOf(format);
    if (!samples) return;
    if (this.#nextFormat) this.#changeFormat(this.#nextFormat, frame);
    this.#correctDrift(frame);
    this.#add({ data: frame.data, samples, isFiller: false });
  }

  fillUntil(timeUs: number): void {
    this.#addSilenceUntil(Math.floor((timeUs * audioTimescale) / 1e6));
  }

  /** Audio that is held is silence, which `fillUntil` adds. */
  hold(): void {}

  flush(): void {
    this.#segmenter.endSegment();
  }

  finish(endUs: number): void {
    this.fillUntil(endUs);
    while (this.#silence && this.#epoch < this.#options.ledger.current) {
      this.#enterNextEpoch();
      this.#append({ ...this.#silence, isFiller: true });
    }
    this.flush();
  }

  #ticks(timeUs: number): number {
    return Math.round((timeUs * audioTimescale) / 1e6);
  }

  #isTooOld({ presentationTimeUs }: SegmenterFrame): boolean {
    const timeTicks = this.#ticks(presentationTimeUs);
    return timeTicks < 0 || this.#endTicks - timeTicks > this.#ticks(maxAudioDriftMs * 1000);
  }

  /** Of the current format, a frame of silence is as long as any other. */
  #aacSamplesOf(format: AudioFormat): number {
    return format === this.#format && this.#silence ? this.#silence.samples : aacFrames(format).samples;
  }

  #drop(): void {
    this.#dropped += 1;
  }

  #changeFormat(format: AudioFormat, frame: SegmenterFrame): void {
    this.#nextFormat = undefined;
    if (this.#format && isSameFormat(this.#format, format)) return;
    const { ledger } = this.#options;
    if (this.#hasBegun) this.#addSilenceUntil(this.#ticks(frame.presentationTimeUs), frame.presentationTimeUs - epochJoinMs * 1000);
    const endUs = this.endUs;
    this.#format = format;
    this.#silence = silentFrame(format);
    if (this.#hasBegun && !this.#segmenter.isEpochEmpty && this.#epoch === ledger.current) ledger.begin(endUs);
    this.#enterNextEpoch();
  }

  /** Moves the running clock forward to a frame that is ahead of it, with silence. */
  #correctDrift(frame: SegmenterFrame): void {
    const timeTicks = this.#ticks(frame.presentationTimeUs);
    if (timeTicks - this.#endTicks > this.#ticks(maxAudioDriftMs * 1000)) this.#addSilenceUntil(timeTicks);
  }

  /** Adds whole frames of silence, entering the epochs that begin before `lastEpochUs`. */
  #addSilenceUntil(untilTicks: number, lastEpochUs = Infinity): void {
    if (!this.#silence) return;
    const count = Math.round((untilTicks - this.#endTicks) / this.#ticksOf(this.#silence.samples));
    for (let i = 0; i < count; i += 1) this.#add({ ...this.#silence, isFiller: true }, lastEpochUs);
  }

  #add(frame: SilentFrame & { isFiller: boolean }, lastEpochUs = Infinity): void {
    const isDue = this.#options.ledger.at(Math.min(this.endUs, lastEpochUs)) > this.#epoch;
    if (isDue || !this.#hasBegun) this.#enterNextEpoch();
    this.#append(frame);
  }

  #append(frame: SilentFrame & { isFiller: boolean }): void {
    const startTicks = Math.round(this.#endTicks);
    this.#endTicks += this.#ticksOf(frame.samples);
    const { data, isFiller } = frame;
    this.#segmenter.add({ data, isFiller, startTicks, durationTicks: Math.round(this.#endTicks) - startTicks, compositionOffsetTicks: 0, isKeyframe: true });
  }

  #ticksOf(samples: number): number {
    return this.#format?.codec === 'aac' ? (samples * audioTimescale) / this.#format.sampleRateHz : samples;
  }

  /** An epoch in which the track has no samples yet is begun again. */
  #enterNextEpoch(): void {
    if (!this.#hasBegun || !this.#segmenter.isEpochEmpty) this.#epoch += 1;
    this.#hasBegun = true;
    if (this.#format) this.#segmenter.begin(this.#format, this.#epoch);
  }
}

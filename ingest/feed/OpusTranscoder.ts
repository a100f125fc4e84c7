import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { flvFrame, flvStart } from '#engine/media';
import type { AudioFormat, EncodedFrame } from '#engine/media';
import { SupervisedFfmpeg } from './SupervisedFfmpeg.ts';
import type { FfmpegEnvironment, FfmpegTask } from './SupervisedFfmpeg.ts';

const host = '127.0.0.1';
const sampleRateHz = 48_000;
const frameSamples = 960;
/** Smaller deviations from the 20 ms grid come from timestamps in whole milliseconds. */
const jitterSamples = 480;
/** An arbitrary time with which sender reports are compared. Not 0, which means "not set" to ffmpeg. */
const startTimeMs = 1_000_000;
const ntpEpochSeconds = 2_208_988_800;
const senderReport = 200;

export interface OpusTranscoderOptions {
  environment: FfmpegEnvironment;
  originUs: number;
  source(): AudioFormat;
  /** One Opus frame of 20 ms, 48 kHz, stereo. */
  onFrame(frame: Uint8Array, timeUs: number): void;
}

/** Turns AAC into Opus. Owns its ffmpeg, and a UDP socket that receives the output: RTP delimits the packets. */
export class OpusTranscoder implements FfmpegTask {
  readonly name = 'ffmpeg.audio';
  readonly #options: OpusTranscoderOptions;
  readonly #ffmpeg: SupervisedFfmpeg;
  readonly #socket: Socket;
  #timestampBase: number | undefined;
  #nextTicks: number | undefined;

  constructor(options: OpusTranscoderOptions) {
    this.#options = options;
    this.#ffmpeg = new SupervisedFfmpeg(this, options.environment);
    this.#socket = createSocket('udp4');
    this.#socket.on('error', (err) => options.environment.logger.error({ err }, 'opus.socketFailed'));
    this.#socket.on('message', (packet) => this.#onPacket(packet));
    this.#socket.bind(0, host, () => this.#ffmpeg.start());
  }

  get failures(): number {
    return this.#ffmpeg.failures;
  }

  get isRunning(): boolean {
    return this.#ffmpeg.isRunning;
  }

  push(frame: EncodedFrame): void {
    this.#ffmpeg.write(flvFrame('audio', frame, this.#options.originUs));
  }

  sourceChanged(): void {
    this.#ffmpeg.renew();
  }

  async close(): Promise<void> {
    await this.#ffmpeg.close();
    this.#socket.close();
  }

  args(): readonly string[] {
    const { port } = this.#socket.address();
    return [
      ...['-hide_banner', '-nostats', '-loglevel', 'error', '-probesize', '32', '-analyzeduration', '0', '-copyts', '-f', 'flv', '-i', 'pipe:0'],
      // Keeps audio in sync with video: fills gaps with silence, cuts overlaps, and stretches or squeezes up to 1000 samples
      // per second where timestamps and samples drift apart.
      // The complexity with which phones encode: the highest one takes half as much CPU again.
      ...['-vn', '-af', `aresample=${sampleRateHz}:async=1000`, '-ac', '2', '-c:a', 'libopus', '-b:a', '112k', '-compression_level', '5', '-frame_duration', '20'],
      ...['-start_time_realtime', `${startTimeMs * 1000}`, '-payload_type', '111', '-f', 'rtp', `rtp://${host}:${port}?rtcpport=${port}&pkt_size=1200`],
    ];
  }

  begin(write: (bytes: Buffer) => void): void {
    this.#timestampBase = undefined;
    this.#nextTicks = undefined;
    write(flvStart(this.#options.source()));
  }

  onStdout(): void {
    // The output is RTP.
  }

  onTrouble(): void {
    // The next process continues with the audio that follows.
  }

  #onPacket(packet: Buffer): void {
    if (packet.length < 13) return;
    if (packet[1] === senderReport && packet.length >= 28) this.#timestampBase ??= baseOf(packet);
    if (packet[1] === undefined || (packet[1] & 127) !== 111 || this.#timestampBase === undefined) return;
    this.#ffmpeg.noteOutput();
    const ticks = this.#ticksOf(packet.readUInt32BE(4) - this.#timestampBase);
    this.#nextTicks = ticks + frameSamples;
    this.#options.onFrame(packet.subarray(12), this.#options.originUs + (ticks / sampleRateHz) * 1e6);
  }

  /** The sample count nearest to now whose low 32 bits are the timestamp, on the 20 ms grid unless there was a gap. */
  #ticksOf(timestamp: number): number {
    const nowTicks = Math.round((this.#options.environment.clock.nowMs() - this.#options.originUs / 1000) * (sampleRateHz / 1000));
    const ticks = nowTicks + ((timestamp - (nowTicks % 2 ** 32)) | 0);
    return this.#nextTicks !== undefined && Math.abs(ticks - this.#nextTicks) < jitterSamples ? this.#nextTicks : ticks;
  }
}

/** ffmpeg's timestamps start at a random base; its sender report relates a timestamp to a time. */
function baseOf(report: Buffer): number {
  const ntpMs = Math.round((report.readUInt32BE(8) - ntpEpochSeconds + report.readUInt32BE(12) / 2 ** 32) * 1000);
  return report.readUInt32BE(16) - (((ntpMs - startTimeMs) * (sampleRateHz / 1000)) % 2 ** 32);
}

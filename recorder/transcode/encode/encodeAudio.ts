import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { audioBps, audioSampleRateHz, keyframeSeconds, keyframesPerSegment, segmentsPerPart, waveformPoints } from '../limits.ts';
import { loudnessFilters, readLoudness } from './loudness.ts';
import type { Loudness } from './loudness.ts';
import { packageParts } from './packageParts.ts';
import type { Packaged, PackagedPart } from './packageParts.ts';
import { bytesPerSample, pcmFormat, pcmOf } from './pcm.ts';
import type { AudioPiece, PcmOptions } from './pcm.ts';
import { Waveform } from './Waveform.ts';
import type { WaveformData } from './Waveform.ts';

export interface AudioEncode extends PcmOptions {
  pieces: readonly AudioPiece[];
  /** For the part that is being written. */
  file: string;
  onPart: (part: PackagedPart) => Promise<void>;
  /** From 0 to 1. */
  onProgress?: (share: number) => void;
}

export interface EncodedAudio extends Packaged {
  waveform: WaveformData;
  loudness: Loudness | undefined;
}

/**
 * AAC begins with a frame of silence, in which the encoder starts. The media leaves out as many samples, so that the others are at their
 * place without an edit list, which players of HLS treat in different ways.
 */
const primingSamples = 1024;
const closedCodes = new Set(['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET']);
/** Measuring is quicker than encoding. */
const measuringShare = 0.4;
const segmentMicroseconds = keyframeSeconds * keyframesPerSegment * 1_000_000;

/** Encodes a track as AAC-LC at the loudness of all videos: measured first, then encoded with one gain (EBU R128). */
export async function encodeAudio(options: AudioEncode): Promise<EncodedAudio> {
  const { pieces } = options;
  const totalSamples = Math.max(primingSamples * 2, pieces.reduce((sum, { sampleCount }) => sum + sampleCount, 0));
  const waveform = new Waveform(totalSamples, waveformPoints);
  const loudness = await measure(options, { waveform, totalSamples });
  const filters = loudnessFilters(loudness).join(',');
  const output = ['-map_metadata', '-1', '-movflags', '+empty_moov+default_base_moof', '-frag_duration', `${segmentMicroseconds}`, '-f', 'mp4', 'pipe:1'];
  const { tools, folder, limitSeconds, signal, file, onPart } = options;
  const args = [...pcmFormat, '-i', 'pipe:0', '-af', filters, '-ar', `${audioSampleRateHz}`, '-c:a', 'aac', '-b:a', `${audioBps}`, ...output];
  const encoder = await tools.start({ program: 'ffmpeg', args, cwd: folder, limitSeconds, signal });
  const samples = tapped(skip(pcmOf(padded(pieces, totalSamples), options), primingSamples * bytesPerSample), progressOf(totalSamples, (share) => options.onProgress?.(measuringShare + share * (1 - measuringShare))));
  const [packaged] = await Promise.all([
    packageParts(encoder.stdout, { file, startTicks: () => 0, segmentSeconds: segmentMicroseconds / 1e6, isVideo: false, segmentsPerPart, onPart }),
    feed(samples, encoder.stdin),
    encoder.done,
  ]);
  return { ...packaged, loudness, waveform: waveform.data((totalSamples * 1000) / audioSampleRateHz) };
}

async function measure(options: AudioEncode, { waveform, totalSamples }: { waveform: Waveform; totalSamples: number }): Promise<Loudness | undefined> {
  const { tools, folder, limitSeconds, signal, pieces, onProgress } = options;
  // The summary is the last that it writes.
  const args = ['-loglevel', 'info', '-nostats', ...pcmFormat, '-i', 'pipe:0', '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'];
  const meter = await tools.start({ program: 'ffmpeg', args, cwd: folder, limitSeconds, signal });
  meter.stdout.resume();
  const showProgress = progressOf(totalSamples, (share) => onProgress?.(share * measuringShare));
  const samples = tapped(pcmOf(padded(pieces, totalSamples), options), (chunk) => {
    waveform.add(chunk);
    showProgress(chunk);
  });
  const [stderr] = await Promise.all([meter.done, feed(samples, meter.stdin)]);
  return readLoudness(stderr);
}

/** A track that is shorter than a frame of AAC is followed by silence. */
function padded(pieces: readonly AudioPiece[], totalSamples: number): AudioPiece[] {
  const known = pieces.reduce((sum, { sampleCount }) => sum + sampleCount, 0);
  return known >= totalSamples ? [...pieces] : [...pieces, { firstSample: known, sampleCount: totalSamples - known, input: undefined }];
}

async function* skip(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function* tapped(chunks: AsyncIterable<Buffer>, onChunk: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

function progressOf(totalSamples: number, onShare: (share: number) => void): (chunk: Buffer) => void {
  let bytes = 0;
  return (chunk) => {
    bytes += chunk.length;
    onShare(Math.min(1, bytes / (totalSamples * bytesPerSample)));
  };
}

/** When the program ends early, its own failure says why. */
async function feed(samples: AsyncGenerator<Buffer>, stdin: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(Readable.from(samples, { objectMode: false }), stdin);
  } catch (err) {
    if (!closedCodes.has((err as NodeJS.ErrnoException).code ?? '')) throw err;
  }
}

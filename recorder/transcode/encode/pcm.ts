import type { MediaTools } from '../tools/MediaTools.ts';
import { audioSampleRateHz } from '../limits.ts';

/** Audio from one input; silence without. */
export interface AudioPiece {
  /** Where it begins on the timeline, in samples. */
  firstSample: number;
  sampleCount: number;
  input: AudioInput | undefined;
}

export interface AudioInput {
  /** In the folder of the job. */
  file: string;
  opening: readonly string[];
  /** Zero of the timeline on the file's own clock. */
  originSeconds: number;
  trackIndex: number;
}

export interface PcmOptions {
  tools: MediaTools;
  folder: string;
  limitSeconds: number;
  signal?: AbortSignal | undefined;
}

/** 16 bit, stereo. */
export const pcmFormat = ['-f', 's16le', '-ar', `${audioSampleRateHz}`, '-ac', '2'];
export const bytesPerSample = 4;
const silence = Buffer.alloc(64 * 1024);

/**
 * The audio of a timeline, sample by sample: exactly as many as its pieces have. What a decoder does not deliver is silent, what it
 * delivers too much is left out.
 */
export async function* pcmOf(pieces: readonly AudioPiece[], options: PcmOptions): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    let left = piece.sampleCount * bytesPerSample;
    if (piece.input) {
      for await (const chunk of decode(piece, piece.input, options)) {
        if (left <= 0) break;
        const used = chunk.length > left ? chunk.subarray(0, left) : chunk;
        left -= used.length;
        yield used;
      }
    }
    for (; left > 0; left -= silence.length) yield silence.subarray(0, Math.min(left, silence.length));
  }
}

async function* decode({ firstSample }: AudioPiece, input: AudioInput, { tools, folder, limitSeconds, signal }: PcmOptions): AsyncGenerator<Buffer> {
  // Gaps of the source are filled, and its offset is kept. Small differences of clocks are stretched.
  const filters = [`asetpts=PTS-${input.originSeconds.toFixed(6)}/TB`, `aresample=${audioSampleRateHz}:async=1000:min_hard_comp=0.1:first_pts=${firstSample}`, 'aformat=sample_fmts=s16:channel_layouts=stereo'];
  const args = [...input.opening, '-copyts', '-i', `file:${input.file}`, '-map', `0:${input.trackIndex}`, '-vn', '-sn', '-dn', '-af', filters.join(','), ...pcmFormat, 'pipe:1'];
  const stop = new AbortController();
  const tool = await tools.start({ program: 'ffmpeg', args, cwd: folder, limitSeconds, signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal });
  // It rejects when nobody wants the rest.
  tool.done.catch(() => undefined);
  tool.stdin.end();
  let isRead = false;
  try {
    yield* tool.stdout as AsyncIterable<Buffer>;
    isRead = true;
    await tool.done;
  } finally {
    if (!isRead) stop.abort(new Error('the audio is long enough'));
  }
}

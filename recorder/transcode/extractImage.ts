import ffmpeg from 'fluent-ffmpeg';
import { posterFramesCompared } from '../limits.ts';

export interface ImageOptions {
  ffmpegPath: string;
  /** Any file that ffmpeg can read. */
  input: string;
  output: string;
  maxWidthPx: number;
  limitSeconds: number;
  signal?: AbortSignal;
}

/** Writes one frame of a video as JPEG. ffmpeg is killed after the time limit or at the signal. Settles when it has exited. */
export function extractImage({ ffmpegPath, input, output, maxWidthPx, limitSeconds, signal }: ImageOptions): Promise<void> {
  // Even width and height, not larger than the source.
  const scale = `scale=w='2*trunc(min(${maxWidthPx},iw)/2)':h=-2`;
  const command = ffmpeg(input, { timeout: limitSeconds })
    .setFfmpegPath(ffmpegPath)
    .inputOptions(['-nostdin', '-threads 1'])
    .videoFilters([`thumbnail=n=${posterFramesCompared}`, scale])
    .outputOptions(['-an', '-frames:v 1', '-q:v 4', '-update 1', '-f image2']);
  const kill = () => command.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  const exited = new Promise<void>((resolve, reject) => {
    command
      // Until ffmpeg has started, there is nothing to kill.
      .on('start', () => signal?.aborted && kill())
      .on('end', () => resolve())
      .on('error', (err: Error) => reject(err))
      .save(output);
  });
  return exited.finally(() => signal?.removeEventListener('abort', kill));
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxBuffer = 256 * 1024 * 1024;
/** Segments may be redirected to another host, to an object store. */
const perRequest = ['-http_persistent', '0'];
/** Decodes to nothing, with the times of the source at any frame rate. */
const toNothing = ['-fps_mode', 'passthrough', '-enc_time_base:v', '1:90000', '-f', 'null', '-'];

/** Decode times of a playlist's packets in seconds, in the order in which ffprobe reads them. Fails on any error of ffprobe. */
export async function decodeTimes(playlistUrl: string): Promise<number[]> {
  const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-show_entries', 'packet=dts_time', '-of', 'csv=p=0', playlistUrl], { maxBuffer });
  if (stderr !== '') throw new Error(`ffprobe about ${playlistUrl}: ${stderr}`);
  return stdout.split('\n').map(Number.parseFloat).filter((seconds) => !Number.isNaN(seconds));
}

/** Where times fail to rise. */
export function stepsBack(times: readonly number[]): string[] {
  return times.flatMap((time, index) => {
    const before = times[index - 1];
    return before !== undefined && time <= before ? [`${before} → ${time}`] : [];
  });
}

/** The errors of ffmpeg as it decodes a playlist from its beginning to its end; empty when there are none. */
export async function decodeErrors(playlistUrl: string): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', ...perRequest, '-i', playlistUrl, '-map', '0', ...toNothing], { maxBuffer });
  return stderr;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sampleRateHz = 16_000;
const windowSeconds = 0.1;
/** Quieter samples are silence. */
const audible = 1000;

/** The tone of a recording at a time, as ffmpeg decodes it: zero crossings in a tenth of a second. 0 for silence. */
export async function recordedTones(playlistUrl: string): Promise<(seconds: number) => number> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-copyts', '-i', playlistUrl, '-map', '0:a:0', '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(sampleRateHz), '-f', 's16le', '-'], { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  return (seconds) => {
    let [crossings, loudest, sign] = [0, 0, 0];
    const from = Math.max(0, Math.round(seconds * sampleRateHz));
    for (let at = from; at < from + windowSeconds * sampleRateHz && at * 2 + 1 < stdout.length; at += 1) {
      const sample = stdout.readInt16LE(at * 2);
      loudest = Math.max(loudest, Math.abs(sample));
      if (sign !== 0 && Math.sign(sample) === -sign) crossings += 1;
      if (sample !== 0) sign = Math.sign(sample);
    }
    return loudest < audible ? 0 : crossings / 2 / windowSeconds;
  };
}

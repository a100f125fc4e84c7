import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigError } from '#engine/kernel';
import { ffmpegVersionMs } from '../limits.ts';

/** Checks at the start of the server that ffmpeg can be run, and not when the first encoder connects. @throws ConfigError */
export async function requireFfmpeg(command: string): Promise<void> {
  try {
    await promisify(execFile)(command, ['-hide_banner', '-version'], { timeout: ffmpegVersionMs });
  } catch {
    throw new ConfigError([`LECTERN_FFMPEG: ${command} cannot be run; install ffmpeg, or set its path.`]);
  }
}

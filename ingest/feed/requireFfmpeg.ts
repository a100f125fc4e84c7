import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigError } from '#engine/kernel';
import { ffmpegVersionMs } from '../limits.ts';

/** Checks that ffmpeg can be run. Called when the server starts, so that a mistake is found before an encoder connects. @throws ConfigError */
export async function requireFfmpeg(command: string): Promise<void> {
  try {
    await promisify(execFile)(command, ['-hide_banner', '-version'], { timeout: ffmpegVersionMs });
  } catch {
    throw new ConfigError([`LECTERN_FFMPEG: ${command} cannot be run; install ffmpeg, or set its path.`]);
  }
}

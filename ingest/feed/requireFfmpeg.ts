import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ConfigError } from '#engine/kernel';

const answersWithinMs = 10_000;

/** Without ffmpeg the first encoder would find out, in the middle of a class. @throws ConfigError */
export async function requireFfmpeg(command: string): Promise<void> {
  try {
    await promisify(execFile)(command, ['-hide_banner', '-version'], { timeout: answersWithinMs });
  } catch {
    throw new ConfigError([`LECTERN_FFMPEG: ${command} cannot be run; install ffmpeg, or name where it is.`]);
  }
}

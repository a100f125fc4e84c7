import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Push {
  process: ChildProcess;
  /** Its exit code and stderr, when it has ended. */
  ended: Promise<{ code: number | null; text: string }>;
  stop(): Promise<void>;
}

/** OBS's defaults in Simple mode: High profile, B-frames, a keyframe every 250 frames, AAC 48 kHz stereo. */
export const obsVideo = ['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-bf', '2', '-g', '250', '-r', '30', '-b:v', '1500k', '-pix_fmt', 'yuv420p'];
/** The settings that Lectern advises. */
export const advisedVideo = ['-c:v', 'libx264', '-profile:v', 'high', '-preset', 'veryfast', '-tune', 'zerolatency', '-g', '30', '-r', '30', '-b:v', '1500k', '-pix_fmt', 'yuv420p'];
export const obsAudio = ['-c:a', 'aac', '-ar', '48000', '-ac', '2', '-b:a', '160k'];
export const testVideo = ['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30'];
export const testAudio = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];

/** Pushes as an encoder does. `args` are the arguments between `ffmpeg` and the address. */
export function pushWithFfmpeg(url: string, args: readonly string[]): Push {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostats', '-loglevel', 'warning', ...args, '-flvflags', 'no_duration_filesize', '-f', 'flv', url], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, text }));
  return {
    process: child,
    ended,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

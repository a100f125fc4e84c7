import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface SourceOptions {
  videoKbps: number;
  sizePx: `${number}x${number}`;
  seconds: number;
}

/** Encodes a source once (no B-frames, a keyframe a second, AAC, constant rate), so that pushing it takes hardly any CPU. */
export async function makeSource(file: string, { videoKbps, sizePx, seconds }: SourceOptions): Promise<void> {
  const rate = `${videoKbps}k`;
  await run([
    '-f', 'lavfi', '-i', `testsrc2=size=${sizePx}:rate=30,noise=alls=12:allf=t`,
    '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000',
    '-t', String(seconds),
    '-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-bf', '0', '-g', '30',
    '-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', `${videoKbps / 2}k`, '-x264-params', 'scenecut=0:nal-hrd=cbr',
    '-c:a', 'aac', '-b:a', '96k', '-ac', '2', '-y', file,
  ]).exited;
}

/** Pushes a file over RTMP in real time, again and again, without encoding. Owns the ffmpeg process. */
export class CopiedEncoder {
  readonly #running: Running;

  constructor(file: string, url: string) {
    this.#running = run(['-re', '-stream_loop', '-1', '-i', file, '-c', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize', url]);
    this.#running.exited.catch((err: unknown) => process.stderr.write(`${String(err)}\n`));
  }

  async stop(): Promise<void> {
    this.#running.child.kill('SIGTERM');
    await this.#running.exited;
  }
}

interface Running {
  child: ChildProcess;
  exited: Promise<void>;
}

function run(parameters: string[]): Running {
  const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] });
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-2000)));
  const exited = once(child, 'exit').then(([code]) => {
    // 255: after SIGTERM.
    if (code !== 0 && code !== 255 && code !== null) throw new Error(`ffmpeg ended with ${String(code)}: ${lastWords}`);
  });
  return { child, exited };
}

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

export interface SyntheticEncoderOptions {
  /** `rtmp://host:1935/live/<key>` */
  url: string;
  /** Duration to publish; until stopped if left out. */
  durationSeconds?: number;
  /**
   * `obs`: the defaults of OBS (High profile, B-frames, a keyframe every 8.33 s). `gentle`: no B-frames, a keyframe every
   * second. `advised`: the same with x264's zerolatency, as the README recommends.
   */
  profile: 'obs' | 'gentle' | 'advised';
  sizePx?: `${number}x${number}`;
  frameRate?: number;
  /** `flash`: a flash and a beep of 200 ms every second, cheap to encode, to measure delays. */
  shows?: 'counter' | 'flash';
  /** An ffmpeg filter for the video. */
  videoFilter?: string;
  /** A file whose H.264 and AAC are sent unchanged in a loop, instead of generated video and audio. */
  file?: string;
  ffmpeg?: string;
}

const encodings = {
  obs: ['-profile:v', 'high', '-bf', '2', '-g', '250', '-keyint_min', '25', '-x264-params', 'keyint=250:scenecut=0'],
  gentle: ['-profile:v', 'high', '-bf', '0', '-g', '30', '-x264-params', 'scenecut=0'],
  advised: ['-profile:v', 'high', '-tune', 'zerolatency', '-g', '30'],
};

/** Reports what was pushed, on the standard output. */
const progress = ['-nostats', '-progress', 'pipe:1'];

const cameraQuality = ['-preset', 'veryfast', '-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '5000k'];
const flashQuality = ['-preset', 'ultrafast', '-b:v', '300k', '-maxrate', '300k', '-bufsize', '600k'];

/** An ffmpeg process that publishes like OBS: a test pattern with a clock and a frame counter, and a pulsing 440 Hz tone. */
export class SyntheticEncoder {
  readonly #child: ChildProcess;
  readonly exited: Promise<number | null>;
  #stderrTail = '';
  #pushed = { seconds: 0, frames: 0 };

  constructor(options: SyntheticEncoderOptions) {
    this.#child = spawn(options.ffmpeg ?? 'ffmpeg', pushArguments(options), { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      for (const [, name, value] of text.matchAll(/^(out_time_us|frame)=(\d+)$/gm)) {
        if (name === 'frame') this.#pushed.frames = Number(value);
        else this.#pushed.seconds = Number(value) / 1e6;
      }
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-2000);
    });
    this.exited = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** How much media was pushed. A slow machine pushes less than a second of media in a second. */
  get pushed(): Readonly<{ seconds: number; frames: number }> {
    return this.#pushed;
  }

  get stderrTail(): string {
    return this.#stderrTail;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the connection: `SIGKILL` like a crash, `SIGTERM` like pressing Stop Streaming. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.isRunning) this.#child.kill(signal);
    await this.exited;
  }
}

function pushArguments({ url, durationSeconds, profile, sizePx = '1280x720', frameRate = 30, shows = 'counter', videoFilter, file }: SyntheticEncoderOptions): string[] {
  const limit = durationSeconds === undefined ? [] : ['-t', String(durationSeconds)];
  if (file) return ['-hide_banner', '-loglevel', 'warning', ...progress, '-re', '-stream_loop', '-1', '-i', file, ...limit, '-c', 'copy', '-f', 'flv', '-flvflags', 'no_duration_filesize', url];
  return [
    '-hide_banner', '-loglevel', 'warning', ...progress, '-re',
    ...(shows === 'flash' ? flashing(sizePx, frameRate) : counting(sizePx, frameRate)),
    ...limit,
    ...(videoFilter ? ['-vf', videoFilter] : []),
    '-c:v', 'libx264', '-pix_fmt', 'yuv420p', ...(shows === 'flash' ? flashQuality : cameraQuality), ...encodings[profile],
    '-c:a', 'aac', '-b:a', '160k', '-ar', '48000', '-ac', '2',
    '-f', 'flv', '-flvflags', 'no_duration_filesize', url,
  ];
}

function counting(sizePx: string, frameRate: number): string[] {
  return [
    '-f', 'lavfi', '-i', `testsrc2=size=${sizePx}:rate=${frameRate}`,
    '-f', 'lavfi', '-i', "aevalsrc='0.2*sin(2*PI*440*t)*(0.4+0.6*lt(mod(t,1),0.5))|0.2*sin(2*PI*440*t)*(0.4+0.6*lt(mod(t,1),0.5))':s=48000",
  ];
}

function flashing(sizePx: string, frameRate: number): string[] {
  // Frame times are rounded sums: the added millisecond puts 2.9999999 into second 3.
  const flash = "drawbox=w=iw:h=ih:color=white:t=fill:enable='lt(mod(t+0.001,1),0.2)'";
  return [
    '-f', 'lavfi', '-i', `color=c=0x305070:size=${sizePx}:rate=${frameRate},${flash}`,
    '-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*880*t)*lt(mod(t,1),0.2)|0.5*sin(2*PI*880*t)*lt(mod(t,1),0.2)':s=48000",
  ];
}

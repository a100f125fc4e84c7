// How much later a VP8 frame reaches the recorder as H.264.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../kernel/index.ts';
import { bench, silentLogger } from '../../../testing/index.ts';
import { Vp8Assembler } from './Vp8Assembler.ts';

const frameRate = 15;
const seconds = 10;

/** VP8 as WebRTC sends it, one frame each. */
function encode(): Buffer[] {
  const options = `-v error -f lavfi -i testsrc=size=640x480:rate=${frameRate}:duration=${seconds} -c:v libvpx -deadline realtime -auto-alt-ref 0 -f ivf pipe:1`;
  const ivf = execFileSync('ffmpeg', options.split(' '), { maxBuffer: 2 ** 26 });
  const frames: Buffer[] = [];
  for (let at = 32; at < ivf.length; at += 12 + ivf.readUInt32LE(at)) frames.push(ivf.subarray(at + 12, at + 12 + ivf.readUInt32LE(at)));
  return frames;
}

await bench('VP8 recorded as H.264', async (report) => {
  const sentAtMs: number[] = [];
  const delaysMs: number[] = [];
  const sink = {
    format: () => undefined,
    frame: ({ presentationTimeUs }: { presentationTimeUs: number }) => void delaysMs.push(performance.now() - (sentAtMs[presentationTimeUs] ?? NaN)),
    gap: () => undefined,
    ended: () => undefined,
  };
  // A timestamp is the number of its frame, and its time as many microseconds.
  const assembler = new Vp8Assembler({ sink, timeOf: (timestamp) => timestamp, requestKeyframe: () => undefined, ffmpegCommand: 'ffmpeg', clock: systemClock, logger: silentLogger });
  for (const [index, frame] of encode().entries()) {
    sentAtMs[index] = performance.now();
    assembler.push({ payloadType: 96, sequence: index, timestamp: index, ssrc: 1, marker: true, payload: Uint8Array.of(0x10, ...frame) });
    await sleep(1000 / frameRate);
  }
  await assembler.finish();
  report.figure({ name: 'from its last packet to the recorder', unit: 'ms', samples: delaysMs, target: { of: 'median', is: 'atMost', limit: 500 } });
});

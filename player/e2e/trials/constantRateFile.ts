import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A whole number of video and AAC frames, so that the file can be repeated. */
const fileSeconds = 19.2;

/** Makes a file with video of a constant bit rate, for an encoder that sends it without encoding. */
export async function makeConstantRateFile(file: string, kilobitsPerSecond: number): Promise<void> {
  const rate = `${kilobitsPerSecond}k`;
  await run('ffmpeg', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30,noise=alls=60:allf=t', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', String(fileSeconds)],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '30', '-x264-params', 'scenecut=0', '-pix_fmt', 'yuv420p', '-b:v', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-c:a', 'aac', '-ac', '2', '-b:a', '160k', file],
  ]);
}

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { FlvReader, readVideoTag } from '#engine/media';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import type { SyntheticEncoderOptions } from '../../demo/SyntheticEncoder.ts';

const seconds = 15;
/** Frames that are not measured at the start, until the look-ahead is full. */
const settlingFrames = 90;

/** How long an encoder holds each frame before it sends it, in ms: look-ahead, B-frames and threads. */
export async function encoderDelaysMs(profile: SyntheticEncoderOptions['profile']): Promise<number[]> {
  const delays: number[] = [];
  const baseMs = Date.now();
  const reader = new FlvReader(({ kind, timestampMs, body }) => {
    const tag = kind === 'video' ? readVideoTag(body) : undefined;
    if (tag?.type === 'frame') delays.push(Date.now() - baseMs - timestampMs - tag.compositionTimeMs);
  });
  const server = createServer((socket: Socket) => socket.on('data', (piece: Buffer) => reader.push(piece)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Each frame gets the time of its creation as its timestamp.
  const videoFilter = `settb=1/1000000,setpts=RTCTIME-${baseMs}000`;
  const encoder = new SyntheticEncoder({ url: `tcp://127.0.0.1:${port}`, profile, videoFilter, durationSeconds: seconds });
  await encoder.exited;
  server.close();
  // At the end, the encoder flushes the frames that it holds, so the last ones are not measured either.
  return delays.slice(settlingFrames, -settlingFrames);
}

import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, TranscodeBench } from './testing/TranscodeBench.ts';

let bench: TranscodeBench;
let server: Server;
let connections = 0;
/** A pipe that nobody writes to: a program that opens it waits for ever, and its video never ends. */
let canary: string;
let url: string;

beforeAll(async () => {
  bench = await TranscodeBench.open();
  await bench.worker();
  canary = path.join(bench.folder, 'canary.mp4');
  execFileSync('mkfifo', [canary]);
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.ts`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await bench.close();
});

async function uploaded(name: string, content: string | Buffer) {
  const file = path.join(bench.folder, name);
  await writeFile(file, content);
  return bench.finished(await bench.upload(file));
}

const box = (type: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
};
const u32 = (value: number) => Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);

/** A data reference of QuickTime: the media is in the file at this path (`alis`). */
function externalReference(file: string): Buffer {
  const name = Buffer.from(file);
  const record = Buffer.concat([Buffer.alloc(10), Buffer.from([1]), Buffer.alloc(27, 0x61), Buffer.alloc(12), Buffer.from([1]), Buffer.alloc(63, 0x61), Buffer.alloc(16), Buffer.from([0, 1, 0, 1]), Buffer.alloc(16), Buffer.from([0, 2, name.length >> 8, name.length & 255]), name, Buffer.alloc(name.length % 2), Buffer.from([255, 255, 0, 0])]);
  return box('dref', u32(0), u32(1), box('alis', u32(0), record));
}

/** Replaces a box, and corrects the sizes of those around it. */
function withBox(bytes: Buffer, boxPath: readonly string[], replacement: Buffer): Buffer {
  const [type, ...rest] = boxPath;
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at) || bytes.length - at;
    const whole = bytes.subarray(at, at + size);
    const isOnPath = bytes.toString('latin1', at + 4, at + 8) === type;
    parts.push(!isOnPath ? whole : rest.length === 0 ? replacement : box(type ?? '', withBox(whole.subarray(8), rest, replacement)));
    at += size;
  }
  return Buffer.concat(parts);
}

describe('A file that refers to others', () => {
  it('makes ffmpeg open neither a file nor a connection', async () => {
    const plain = await readFile(await make(bench.folder, 'plain.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10:duration=1', '-c:v', 'libx264', '-preset', 'ultrafast']));
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXTINF:10,\nfile://${canary}\n#EXT-X-ENDLIST\n`;
    const hostile: [name: string, content: string | Buffer][] = [
      ['playlist.mp4', playlist],
      ['script.mp4', `ffconcat version 1.0\nfile '${canary}'\nfile '${url}'\n`],
      ['image.mp4', `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="file://${canary}"/><image xlink:href="${url}"/></svg>`],
      ['presentation.mp4', `<?xml version="1.0"?><MPD><Period><AdaptationSet><Representation><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`],
      ['session.mp4', `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5004 RTP/AVP 96\r\n`],
      // A playlist behind the first bytes of another container.
      ['both.mp4', Buffer.concat([box('ftyp', Buffer.from('isom'), u32(0)), Buffer.from(`\n${playlist}`)])],
      ['both.ts', Buffer.concat([Buffer.from('G'), Buffer.alloc(187), Buffer.from('G'), Buffer.alloc(187), Buffer.from('G'), Buffer.alloc(187), Buffer.from('G'), Buffer.from(playlist)])],
      // The media of a track is said to be in another file.
      ['elsewhere.mov', withBox(plain, ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref'], externalReference(canary))],
    ];
    for (const [name, content] of hostile) {
      const row = await uploaded(name, content);
      expect([name, row.state, row.failure?.code]).toEqual([name, 'failed', expect.stringMatching(/^video\.(unknownFormat|damaged|noTracks)$/)]);
      expect(JSON.stringify(row)).not.toContain(bench.folder);
    }
    expect(connections).toBe(0);
  });

  it('cannot name an option or a protocol by its file name', async () => {
    const plain = await make(bench.folder, 'named.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10:duration=1', '-c:v', 'libx264', '-preset', 'ultrafast']);
    for (const name of ['-i.mp4', 'concat:canary.mp4|x.mp4', '..mp4']) {
      expect((await uploaded(name, await readFile(plain))).state).toBe('ready');
    }
    expect(connections).toBe(0);
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processTree } from '#engine/testing';
import { TestServer } from './TestServer.ts';
import { TusClient } from './TusClient.ts';

const mebibyte = 2 ** 20;
const bytes = 200 * mebibyte;
/** What the process may grow by while 140 MB arrive: Node collects the garbage of some seconds late on a busy machine. */
const maxGrowthMb = 100;

const s3Endpoint = process.env.LECTERN_TEST_S3_ENDPOINT;
const s3Settings = {
  LECTERN_S3_ENDPOINT: s3Endpoint ?? '',
  LECTERN_S3_BUCKET: `uploads-${randomBytes(4).toString('hex')}`,
  LECTERN_S3_ACCESS_KEY_ID: process.env.LECTERN_TEST_S3_ACCESS_KEY ?? '',
  LECTERN_S3_SECRET_ACCESS_KEY: process.env.LECTERN_TEST_S3_SECRET_KEY ?? '',
};

let folder: string;
let file: string;
let fileHash: string;

/** A file that begins like an MP4 and compresses badly, written piece by piece. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lectern-uploads-'));
  file = path.join(folder, 'lecture.mp4');
  const handle = await open(file, 'w');
  const hash = createHash('sha256');
  const piece = randomBytes(mebibyte);
  for (let at = 0; at < bytes; at += mebibyte) {
    piece.writeUInt32BE(at / mebibyte, 1000);
    if (at === 0) Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\0mdat', 'latin1').copy(piece);
    hash.update(piece);
    await handle.write(piece);
  }
  await handle.close();
  fileHash = hash.digest('hex');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function hashOf(source: AsyncIterable<Buffer> & NodeJS.ReadableStream): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(source, hash);
  return hash.digest('hex');
}

interface Stored {
  videoId: string;
  bytes: number;
  sha256: string;
}

const places = [
  { place: 'a folder', settings: {} as Record<string, string>, isSkipped: false },
  { place: 'S3', settings: s3Settings as Record<string, string>, isSkipped: s3Endpoint === undefined },
];

describe.each(places)('An upload to $place', ({ settings, isSkipped }) => {
  it.skipIf(isSkipped)('that is interrupted five times, once by a killed server, arrives with its hash, and memory stays flat', async () => {
    const arrived: Stored[] = [];
    const onLine = (line: string) => {
      if (line.includes('"upload.stored"')) arrived.push(JSON.parse(line) as Stored);
    };
    const server = await TestServer.start({ settings, onLine });
    try {
      const { id: courseId } = await server.admin.api.createCourse({ body: { title: 'Optics' } });
      const client = new TusClient({ token: () => server.admin.accessToken ?? '', file: { path: file, bytes }, metadata: { courseId, filename: 'lecture.mp4', filetype: 'video/mp4' } });
      const residentMb = () => processTree(server.process.pid ?? 0)[0]?.residentMb ?? 0;
      await client.sendUntil(server.url, 20 * mebibyte, () => server.process.kill());
      await server.restart();
      // From here on, the process has what it needs of buffers and compiled code.
      await client.sendUntil(server.url, 60 * mebibyte);
      const beforeMb = residentMb();
      for (const until of [100, 140, 170]) await client.sendUntil(server.url, until * mebibyte);
      await client.send(server.url);
      const growthMb = residentMb() - beforeMb;
      await expect.poll(() => arrived.length, { timeout: 60_000 }).toBe(1);
      expect(arrived).toMatchObject([{ bytes, sha256: fileHash }]);
      expect(growthMb).toBeLessThan(maxGrowthMb);
      if (settings.LECTERN_S3_BUCKET === undefined) {
        const source = path.join(server.dataFolder, 'objects/videos', arrived[0]?.videoId ?? '', 'source');
        const [name = ''] = await readdir(source);
        expect((await stat(path.join(source, name))).size).toBe(bytes);
        expect(await hashOf(createReadStream(path.join(source, name)) as never)).toBe(fileHash);
        expect(await readdir(path.join(server.dataFolder, 'objects/uploads'))).toEqual([]);
      }
      expect((await server.admin.api.listUploads()).uploads).toEqual([]);
    } finally {
      await server.close();
    }
  });
});

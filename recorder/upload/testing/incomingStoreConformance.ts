import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Upload } from '@tus/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import { ManualClock } from '#engine/testing';
import type { ObjectStore } from '../../storage/index.ts';
import type { IncomingStore, TransferOf, UploadPlace } from '../IncomingStore.ts';
import { KnownHashes } from '../KnownHashes.ts';
import { unknownUploadMs } from '../limits.ts';
import { Transfer } from '../Transfer.ts';
import { Transfers } from '../Transfers.ts';
import { sourceKeyOf } from '../UploadRow.ts';

/** Something that the type check passes. */
function mediaOf(bytes: number): Buffer {
  const file = randomBytes(bytes);
  Buffer.from('\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\0mdat', 'latin1').copy(file);
  return file;
}

export interface IncomingBench {
  incoming: IncomingStore;
  store: ObjectStore;
  /** Another process with the same store. */
  reopened: IncomingStore;
  close(): Promise<void>;
}

export interface OpenBench {
  transferOf: TransferOf;
  /** What is known of an upload beside its bytes. */
  sizes: Map<string, number>;
}

/** The behaviour of everything that collects uploads. `largeBytes`: more than one part of the store. */
export function incomingStoreConformance(name: string, open: (bench: OpenBench) => Promise<IncomingBench>, { largeBytes }: { largeBytes: number }): void {
  describe(`${name} as a store of uploads`, () => {
    const [transfers, hashes, clock, sizes] = [new Transfers(), new KnownHashes(), new ManualClock(), new Map<string, number>()];
    let bench: IncomingBench;
    beforeAll(async () => {
      bench = await open({ transferOf: (storeId) => transfers.of(storeId), sizes });
    });
    afterAll(() => bench.close());

    async function begin(bytes: number): Promise<UploadPlace> {
      const place = { _id: newId('upl'), videoId: newId('vid') };
      sizes.set(bench.incoming.idOf(place), bytes);
      await bench.incoming.data.create(new Upload({ id: bench.incoming.idOf(place), size: bytes, offset: 0 }));
      return place;
    }

    async function append(place: UploadPlace, source: Readable, { offset, bytes, incoming = bench.incoming }: { offset: number; bytes: number; incoming?: IncomingStore }): Promise<number> {
      const transfer = new Transfer({ uploadId: place._id, userId: 'usr', loginId: 'lgn', source, bytes, clock, hashes });
      return transfers.run(incoming.idOf(place), transfer, () => incoming.data.write(Readable.from([]), incoming.idOf(place), offset));
    }

    const offsetOf = async (place: UploadPlace, incoming = bench.incoming) => (await incoming.data.getUpload(incoming.idOf(place))).offset;
    const pieces = (bytes: Buffer, each = 60_000) => Readable.from(Array.from({ length: Math.ceil(bytes.length / each) }, (_, index) => bytes.subarray(index * each, (index + 1) * each)));
    const stored = async (place: UploadPlace) => buffer((await bench.store.get(sourceKeyOf(place))).body);

    it('collects the bytes of several requests, in this process and in another, and makes them the object', async () => {
      const file = mediaOf(largeBytes);
      const place = await begin(file.length);
      const cuts = [0, 1000, 700_000, Math.floor(largeBytes * 0.6), largeBytes];
      for (const [index, end] of cuts.slice(1).entries()) {
        const start = cuts[index] ?? 0;
        const incoming = index % 2 === 0 ? bench.incoming : bench.reopened;
        expect(await offsetOf(place, incoming)).toBe(start);
        expect(await append(place, pieces(file.subarray(start, end)), { offset: start, bytes: file.length, incoming })).toBe(end);
      }
      expect(hashes.take(place._id, file.length)).toBe(createHash('sha256').update(file).digest('hex'));
      await bench.incoming.finish(place, file.length);
      await bench.reopened.finish(place, file.length);
      expect((await stored(place)).equals(file)).toBe(true);
      expect((await bench.store.list(`uploads/${place._id}`)).objects).toEqual([]);
    });

    it('keeps what has arrived when a request breaks off, and continues there', async () => {
      const file = mediaOf(largeBytes);
      const place = await begin(file.length);
      const broken = new Readable({ read: () => undefined });
      broken.push(file.subarray(0, largeBytes - 5000));
      const sent = append(place, broken, { offset: 0, bytes: file.length });
      await new Promise((resolve) => setImmediate(resolve));
      broken.destroy(new Error('the connection is gone'));
      await sent;
      const offset = await offsetOf(place, bench.reopened);
      expect(offset).toBeLessThanOrEqual(largeBytes - 5000);
      await append(place, pieces(file.subarray(offset)), { offset, bytes: file.length, incoming: bench.reopened });
      await bench.reopened.finish(place, file.length);
      expect((await stored(place)).equals(file)).toBe(true);
    });

    it('stores a small file of unknown length', async () => {
      const file = mediaOf(6000);
      const place = { _id: newId('upl'), videoId: newId('vid') };
      await bench.incoming.data.create(new Upload({ id: bench.incoming.idOf(place), offset: 0 }));
      expect(await append(place, pieces(file), { offset: 0, bytes: 10_000 })).toBe(6000);
      await bench.incoming.finish(place, 6000);
      expect((await stored(place)).equals(file)).toBe(true);
    });

    it('refuses more bytes than the upload has, and what is no media, and has no object for them', async () => {
      const place = await begin(20_000);
      await expect(append(place, pieces(mediaOf(20_001)), { offset: 0, bytes: 20_000 })).rejects.toMatchObject({ code: 'upload.lengthWrong' });
      const text = await begin(20_000);
      await expect(append(text, pieces(Buffer.alloc(20_000, '#EXTM3U\n')), { offset: 0, bytes: 20_000 })).rejects.toMatchObject({ code: 'upload.typeUnknown' });
      for (const each of [place, text]) {
        await bench.incoming.remove(each);
        await expect(stored(each)).rejects.toMatchObject({ code: 'object.notFound' });
      }
    });

    it('removes an unfinished upload, and succeeds where there is none', async () => {
      const file = mediaOf(largeBytes);
      const place = await begin(file.length);
      await append(place, pieces(file.subarray(0, largeBytes - 100)), { offset: 0, bytes: file.length });
      await bench.reopened.remove(place);
      await bench.incoming.remove(place);
      await expect(offsetOf(place, bench.reopened)).rejects.toMatchObject({ code: 'upload.notFound' });
      await expect(bench.reopened.finish(place, file.length)).rejects.toMatchObject({ code: 'upload.notFound' });
      expect((await bench.store.list(`uploads/${place._id}`)).objects).toEqual([]);
    });

    it('removes what nobody knows after a while, and nothing else', async () => {
      const [known, unknown] = [await begin(20_000), await begin(20_000)];
      for (const place of [known, unknown]) await append(place, pieces(mediaOf(9000)), { offset: 0, bytes: 20_000 });
      const isKnown = async (ids: readonly string[]) => new Set(ids.filter((id) => id !== unknown._id));
      expect(await bench.incoming.removeUnknown(isKnown, Date.now())).toBe(0);
      expect(await bench.incoming.removeUnknown(isKnown, Date.now() + 2 * unknownUploadMs)).toBe(1);
      expect(await offsetOf(known)).toBe(9000);
      await bench.incoming.remove(known);
    });
  });
}

import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesOf, playInChromium } from '../testing/playInChromium.ts';
import { corpus, prepareCorpus } from './testing/corpus.ts';
import { decoded, leftovers, TranscodeBench } from './testing/TranscodeBench.ts';

let bench: TranscodeBench;
/** By the name of the file. */
const videos = new Map<string, string>();

beforeAll(async () => {
  bench = await TranscodeBench.open();
  const folder = path.join(bench.folder, 'corpus');
  await prepareCorpus(folder);
  await bench.worker();
  for (const odd of corpus) videos.set(odd.name, await bench.upload(await odd.make(folder)));
});
afterAll(() => bench.close());

const finished = (name: string) => bench.finished(videos.get(name) ?? '');

describe('An odd file', () => {
  it('is one of at least thirty', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(30);
  });

  for (const { name, fails, sizes, audioTracks, seconds = 1 } of corpus) {
    if (fails !== undefined) {
      it(`${name} fails with ${fails}, and leaves nothing but its source`, async () => {
        const row = await finished(name);
        expect(row).toMatchObject({ state: 'failed', failure: { code: fails }, work: null, manifest: null });
        expect(row.failure?.message).toMatch(/^[A-Z].*\.$/);
        expect(await bench.keys(`videos/${row._id}/`)).toEqual([row.sourceFile?.key]);
      });
    } else {
      it(`${name} can be played`, async () => {
        const row = await finished(name);
        expect(row).toMatchObject({ state: 'ready', failure: null, work: null });
        const { renditions, durationMs } = await bench.manifest(row);
        const [videoRenditions, audioRenditions] = [renditions.filter(({ kind }) => kind === 'video'), renditions.filter(({ kind }) => kind === 'audio')];
        expect(videoRenditions.map(({ widthPx, heightPx }) => `${widthPx}x${heightPx}`)).toEqual(sizes);
        expect(audioRenditions.length).toBe(audioTracks);
        expect(durationMs / 1000).toBeGreaterThan(seconds * 0.7 - 0.05);
        expect(durationMs / 1000).toBeLessThan(seconds + 0.6);
        const folder = await bench.export(row);
        for (const { id, kind, frameRate } of renditions) {
          const { frames, problems } = await decoded(path.join(folder, `${id}.m3u8`));
          expect(problems, id).toBe('');
          if (kind === 'video') expect(Math.abs(frames - (durationMs / 1000) * (frameRate ?? 0)), `frames of ${id}`).toBeLessThan(2.5);
          else expect(frames).toBeGreaterThan(1);
        }
      });
    }
  }

  it('has its languages and its frame rate', async () => {
    const languages = await bench.manifest(await finished('languages.mkv'));
    expect(languages.renditions.flatMap(({ kind, language }) => (kind === 'audio' ? [language] : []))).toEqual(['en', 'es']);
    expect((await bench.manifest(await finished('fast.mp4'))).renditions[0]?.frameRate).toBe(60);
  });

  it('plays in a browser, whatever it was before', async () => {
    for (const name of ['hevc.mp4', 'late-audio.mkv', 'broadcast.ts']) {
      const folder = await bench.export(await finished(name));
      const played = await playInChromium({ file: filesOf(folder), playlist: 'main.m3u8', playbackRate: 1 });
      expect(played, name).toMatchObject({ hasEnded: true, problems: [] });
      expect(played.widthPx).toBe(320);
    }
  });

  it('leaves no temporary files', async () => {
    for (const { name } of corpus) await finished(name);
    expect(await leftovers(bench.folder)).toEqual([]);
  });
});

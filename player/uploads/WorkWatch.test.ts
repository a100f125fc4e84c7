import { expect, it } from 'vitest';
import type { WorkLook, WorkNews } from './workEntry.ts';
import { WorkWatch } from './WorkWatch.ts';

function setUp(values = new Map<string, string>()) {
  const timers: { delayMs: number; run: () => void }[] = [];
  const news: [string, WorkNews['kind']][] = [];
  const renamed: string[] = [];
  const server = { look: { upload: undefined, video: undefined } as WorkLook, isDown: false, isVisible: true };
  const watch = new WorkWatch({
    look: async () => {
      if (server.isDown) throw new Error('down');
      return server.look;
    },
    rename: async ({ title }) => void renamed.push(title),
    onNews: (entry, { kind }) => news.push([entry.title, kind]),
    values: { getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) },
    userId: 'usr_1',
    isVisible: () => server.isVisible,
    after: (delayMs, run) => {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  const tick = async () => {
    timers.shift()?.run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { watch, server, news, renamed, timers, tick, values };
}

const arrived = { videoId: 'vid_1', courseId: 'crs_1', title: 'Waves', uploadId: 'upl_1' };
const ready = (work: { stage: string; share: number } | null, title = 'Waves'): WorkLook => ({ upload: undefined, video: { title, state: 'ready', work, failure: null } });

it('looks until the work ends, and tells once', async () => {
  const { watch, server, news, timers, tick } = setUp();
  watch.follow(arrived);
  await tick();
  server.look = ready({ stage: 'encoding', share: 0.2 });
  await tick();
  await tick();
  expect(watch.entries.value).toMatchObject([{ phase: { kind: 'working', share: 0.2, isPlayable: true } }]);
  server.look = ready(null);
  await tick();
  expect(news).toEqual([['Waves', 'playable']]);
  expect(timers).toEqual([]);
  watch.dismissEnded();
  expect(watch.entries.value).toEqual([]);
});

it('gives the video the title that was chosen during the upload', async () => {
  const { watch, server, renamed, tick } = setUp();
  watch.follow(arrived);
  server.look = ready({ stage: 'encoding', share: 0 }, 'waves_final.mp4');
  await tick();
  await tick();
  expect(renamed).toEqual(['Waves']);
});

it('goes on after a reload and while the server is away, less often where nobody looks', async () => {
  const first = setUp();
  first.watch.follow(arrived);
  first.watch.close();
  const { server, news, tick, timers } = setUp(first.values);
  server.isDown = true;
  server.isVisible = false;
  await tick();
  expect(timers.map(({ delayMs }) => delayMs)).toEqual([20_000]);
  server.isDown = false;
  server.look = ready(null);
  await tick();
  expect(news).toEqual([['Waves', 'playable']]);
});

it('shows nothing of what is stored in another shape', () => {
  const { watch } = setUp(new Map([['lectern.videoWork.usr_1', '[{"videoId":1}]']]));
  expect(watch.entries.value).toEqual([]);
});

import { expect, it } from 'vitest';
import type { UploadView } from '#api/contract';
import { ApiUnreachableError } from '#api/contract';
import { CodedError, CourseId, VideoId } from '#engine/contract';
import { FileHandles } from './FileHandles.ts';
import type { StoredHandle } from './FileHandles.ts';
import { StoredUploads } from './StoredUploads.ts';
import type { TransferOptions } from './Transfer.ts';
import type { UploadItem } from './uploadItem.ts';
import { UploadQueue } from './UploadQueue.ts';

const courseId = CourseId.parse(`crs_${'1'.repeat(20)}`);
const videoId = VideoId.parse(`vid_${'2'.repeat(20)}`);
const fileOf = (name: string, bytes = 100, lastModified = 1000) => new File([new Uint8Array(bytes)], name, { lastModified });
const chosen = (file: File, handle?: StoredHandle) => ({ file, title: file.name.replace('.mp4', ''), handle });

/** The handles of a device, in memory. */
class MemoryHandles extends FileHandles {
  readonly kept = new Map<string, StoredHandle>();
  override keep(url: string, handle: StoredHandle): void {
    this.kept.set(url, handle);
  }
  override forget(url: string): void {
    this.kept.delete(url);
  }
  override find(url: string): Promise<StoredHandle | undefined> {
    return Promise.resolve(this.kept.get(url));
  }
}

function setUp({ values = new Map<string, string>(), handles = new MemoryHandles(), cancelFails = false } = {}) {
  const transfers: (TransferOptions & { isStopped: boolean })[] = [];
  const timers: { delayMs: number; run: () => void }[] = [];
  const cancelled: string[] = [];
  const arrived: UploadItem[] = [];
  const world = { isOnline: true, nowMs: 0, key: 0 };
  const queue = new UploadQueue({
    startTransfer: (options) => {
      const transfer = { ...options, isStopped: false };
      transfers.push(transfer);
      return { stop: () => (transfer.isStopped = true) };
    },
    cancelOnServer: async (url) => {
      if (cancelFails) throw new ApiUnreachableError(new Error('down'));
      cancelled.push(url);
    },
    stored: new StoredUploads({ getItem: (key) => values.get(key) ?? null, setItem: (key, value) => values.set(key, value) }, 'usr_1'),
    handles,
    isOnline: () => world.isOnline,
    nowMs: () => world.nowMs,
    after: (delayMs, run) => {
      const timer = { delayMs, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
    newKey: () => `key${(world.key += 1)}`,
    onArrived: (item) => arrived.push(item),
  });
  const transfer = (index: number) => {
    const found = transfers[index];
    if (!found) throw new Error(`no transfer ${index}`);
    return found;
  };
  return { queue, transfers, transfer, timers, cancelled, arrived, world, values, handles, stages: () => queue.items.value.map(({ stage }) => stage.kind) };
}

function view(given: Partial<UploadView> = {}): UploadView {
  return {
    id: `upl_${'3'.repeat(20)}` as UploadView['id'], url: '/uploads/1', courseId, videoId, replaces: false, title: 'waves', fileName: 'waves.mp4', state: 'receiving',
    bytes: 100, offset: 40, problem: null, createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-08T00:00:00.000Z', ...given,
  };
}

it('sends two files at once and the others after them', () => {
  const { queue, transfers, transfer, arrived, stages } = setUp();
  queue.add(['a.mp4', 'b.mp4', 'c.mp4'].map((name) => chosen(fileOf(name))), { courseId });
  expect(stages()).toEqual(['sending', 'sending', 'waiting']);
  transfer(0).onLocated({ url: '/uploads/a', videoId });
  transfer(0).onDone();
  expect(arrived).toMatchObject([{ fileName: 'a.mp4', videoId, sentBytes: 100 }]);
  expect(stages()).toEqual(['sending', 'sending']);
  expect(transfers.map(({ file }) => file.name)).toEqual(['a.mp4', 'b.mp4', 'c.mp4']);
});

it('continues at the same URL after a pause, and lets another file go during the pause', () => {
  const { queue, transfer, transfers, stages } = setUp();
  queue.add(['a.mp4', 'b.mp4', 'c.mp4'].map((name) => chosen(fileOf(name))), { courseId });
  transfer(0).onLocated({ url: '/uploads/a', videoId });
  queue.pause('key1');
  expect(transfer(0).isStopped).toBe(true);
  expect(stages()).toEqual(['paused', 'sending', 'sending']);
  queue.resume('key1');
  expect(stages()).toEqual(['waiting', 'sending', 'sending']);
  transfer(1).onDone();
  expect(transfers.at(-1)).toMatchObject({ url: '/uploads/a' });
});

it('tries again by itself after a failure, later each time, and keeps the time while it is renamed', () => {
  const { queue, transfer, timers, stages, transfers } = setUp();
  queue.add([chosen(fileOf('a.mp4'))], { courseId });
  transfer(0).onFailed(new ApiUnreachableError(new Error('reset')));
  queue.rename('key1', 'Another');
  expect(stages()).toEqual(['retrying']);
  expect(timers).toHaveLength(1);
  timers[0]?.run();
  transfer(1).onFailed(new ApiUnreachableError(new Error('reset')));
  expect(timers.at(-1)?.delayMs).toBeGreaterThan(1000);
  timers.at(-1)?.run();
  expect(transfers.at(-1)).toMatchObject({ metadata: { title: 'Another' } });
  expect(stages()).toEqual(['sending']);
});

it('waits while the device is offline, and goes on when it is back', () => {
  const { queue, transfer, world, stages, timers } = setUp();
  queue.add([chosen(fileOf('a.mp4'))], { courseId });
  world.isOnline = false;
  transfer(0).onFailed(new ApiUnreachableError(new Error('offline')));
  queue.add([chosen(fileOf('b.mp4'))], { courseId });
  expect(stages()).toEqual(['offline', 'offline']);
  expect(timers).toEqual([]);
  world.isOnline = true;
  queue.connectionChanged();
  expect(stages()).toEqual(['sending', 'sending']);
});

it('begins once more when the server has lost it, and stops when that happens again', () => {
  const { queue, transfer, timers, stages, transfers } = setUp();
  queue.add([chosen(fileOf('a.mp4'))], { courseId });
  transfer(0).onLocated({ url: '/uploads/a', videoId });
  transfer(0).onFailed(new CodedError('upload.notFound', 'gone'));
  timers[0]?.run();
  expect(transfers.at(-1)?.url).toBeNull();
  transfer(1).onLocated({ url: '/uploads/b', videoId });
  transfer(1).onFailed(new CodedError('upload.notFound', 'gone'));
  expect(stages()).toEqual(['failed']);
  queue.resume('key1');
  expect(stages()).toEqual(['sending']);
});

it('lists what was unfinished before a reload, and continues it with the same file and its new title', async () => {
  const before = setUp();
  before.queue.add([chosen(fileOf('waves.mp4'))], { courseId });
  before.transfer(0).onLocated({ url: '/uploads/1', videoId });
  before.queue.rename('key1', 'Waves and light');

  const { queue, transfers, stages } = setUp({ values: before.values });
  await queue.restore([view(), view({ id: `upl_${'4'.repeat(20)}` as UploadView['id'], url: '/uploads/2', state: 'checking' })]);
  await queue.restore([view()]);
  expect(queue.items.value).toMatchObject([{ title: 'Waves and light', sentBytes: 40, stage: { kind: 'needsFile' } }]);
  const key = queue.items.value[0]?.key ?? '';
  expect(queue.giveFile(key, chosen(fileOf('waves.mp4', 99)))).toBe(false);
  expect(queue.giveFile(key, chosen(fileOf('waves.mp4', 100, 2000)))).toBe(false);
  expect(stages()).toEqual(['needsFile']);
  queue.add([chosen(fileOf('waves.mp4'))], { courseId });
  expect(stages()).toEqual(['sending']);
  expect(transfers).toMatchObject([{ url: '/uploads/1' }]);
});

it('goes on at once after a reload where the browser kept the file, and asks where it has to', async () => {
  const file = fileOf('waves.mp4');
  const granted: StoredHandle = { getFile: async () => file, queryPermission: async () => 'granted' };
  const asks: StoredHandle = { getFile: async () => file, queryPermission: async () => 'prompt', requestPermission: async () => 'granted' };
  const first = setUp();
  first.handles.keep('/uploads/1', granted);
  await first.queue.restore([view()]);
  expect(first.stages()).toEqual(['sending']);

  const second = setUp();
  second.handles.keep('/uploads/1', asks);
  await second.queue.restore([view()]);
  expect(second.stages()).toEqual(['needsPermission']);
  expect(await second.queue.askForFile(second.queue.items.value[0]?.key ?? '')).toBe(true);
  expect(second.stages()).toEqual(['sending']);
});

it('deletes a cancelled upload on the server, and keeps it in the list if that fails', async () => {
  const { queue, transfer, cancelled, stages, handles } = setUp();
  const handle: StoredHandle = { getFile: async () => fileOf('a.mp4') };
  queue.add([chosen(fileOf('a.mp4'), handle)], { courseId });
  transfer(0).onLocated({ url: '/uploads/a', videoId });
  expect(handles.kept.size).toBe(1);
  await queue.cancel('key1');
  expect([cancelled, stages(), handles.kept.size]).toEqual([['/uploads/a'], [], 0]);

  const failing = setUp({ cancelFails: true });
  failing.queue.add([chosen(fileOf('a.mp4'))], { courseId });
  failing.transfer(0).onLocated({ url: '/uploads/a', videoId });
  await expect(failing.queue.cancel('key1')).rejects.toThrow();
  expect([failing.transfer(0).isStopped, failing.stages()]).toEqual([true, ['paused']]);
});

it('shows its progress a few times a second, and the end at once', () => {
  const { queue, transfer, world } = setUp();
  queue.add([chosen(fileOf('a.mp4'))], { courseId });
  const shown: number[] = [];
  for (const [nowMs, bytes] of [[0, 10], [10, 20], [260, 30], [270, 100]] as const) {
    world.nowMs = nowMs;
    transfer(0).onSent(bytes);
    shown.push(queue.items.value[0]?.sentBytes ?? -1);
  }
  expect(shown).toEqual([10, 10, 30, 100]);
});

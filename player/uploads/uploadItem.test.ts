import { describe, expect, it } from 'vitest';
import { afterEvent, isActive, isFileOf, nextToStart, sentShare, titleOf } from './uploadItem.ts';
import type { UploadItem, UploadStage } from './uploadItem.ts';

function item(given: Partial<UploadItem> = {}): UploadItem {
  return { key: 'a', courseId: 'crs_1', replaces: null, title: 'Waves', fileName: 'waves.mp4', bytes: 100, sentBytes: 0, url: null, videoId: null, stage: { kind: 'waiting' }, failures: 0, ...given };
}
const at = (kind: Exclude<UploadStage['kind'], 'retrying' | 'failed'>, given: Partial<UploadItem> = {}) => item({ ...given, stage: { kind } });

describe('an upload', () => {
  it('is sent, paused and resumed', () => {
    const sending = afterEvent(item(), { kind: 'started' });
    expect(sending.stage.kind).toBe('sending');
    const paused = afterEvent(afterEvent(sending, { kind: 'sent', bytes: 40 }), { kind: 'paused' });
    expect(paused).toMatchObject({ stage: { kind: 'paused' }, sentBytes: 40 });
    expect(afterEvent(paused, { kind: 'started' })).toBe(paused);
    expect(afterEvent(paused, { kind: 'resumed' }).stage.kind).toBe('waiting');
  });

  it('stays paused when the connection comes and goes', () => {
    const paused = at('paused');
    expect(afterEvent(afterEvent(paused, { kind: 'wentOffline' }), { kind: 'wentOnline' })).toBe(paused);
    const offline = afterEvent(at('sending'), { kind: 'wentOffline' });
    expect(offline.stage.kind).toBe('offline');
    expect(afterEvent(offline, { kind: 'wentOnline' }).stage.kind).toBe('waiting');
  });

  it('counts failures until bytes arrive again', () => {
    const error = new Error('gone');
    const once = afterEvent(at('sending', { sentBytes: 10 }), { kind: 'postponed', atMs: 5, error });
    expect(once).toMatchObject({ failures: 1, stage: { kind: 'retrying', atMs: 5 } });
    const again = afterEvent(afterEvent(once, { kind: 'due' }), { kind: 'started' });
    expect(again).toMatchObject({ failures: 1, stage: { kind: 'sending' } });
    expect(afterEvent({ ...again, failures: 3 }, { kind: 'sent', bytes: 8 })).toMatchObject({ failures: 3, sentBytes: 8 });
    expect(afterEvent({ ...again, failures: 3 }, { kind: 'sent', bytes: 11 })).toMatchObject({ failures: 0, sentBytes: 11 });
  });

  it('takes no progress of a request that it has stopped', () => {
    const paused = at('paused', { sentBytes: 10 });
    expect(afterEvent(paused, { kind: 'sent', bytes: 90 })).toBe(paused);
    expect(afterEvent(paused, { kind: 'failed', error: new Error('late') })).toBe(paused);
  });

  it('begins again when the server has lost it, with the same title', () => {
    const lost = afterEvent(at('sending', { url: '/u', videoId: 'vid_1', sentBytes: 50, title: 'New' }), { kind: 'lost' });
    expect(lost).toMatchObject({ url: null, videoId: null, sentBytes: 0, title: 'New' });
    expect(afterEvent(at('sending', { replaces: 'vid_2', videoId: 'vid_2' }), { kind: 'lost' }).videoId).toBe('vid_2');
  });
});

describe('the queue', () => {
  it('starts the oldest that wait, a few at once', () => {
    const items = [at('sending', { key: 'a' }), at('paused', { key: 'b' }), at('waiting', { key: 'c' }), at('waiting', { key: 'd' })];
    expect(nextToStart(items, 2).map(({ key }) => key)).toEqual(['c']);
    expect(nextToStart(items, 1)).toEqual([]);
    expect(nextToStart(items, 5).map(({ key }) => key)).toEqual(['c', 'd']);
  });

  it('knows the share of what goes on', () => {
    expect(sentShare([at('sending', { sentBytes: 50 }), at('waiting', { bytes: 300 }), at('paused', { bytes: 1000 })])).toBe(0.125);
    expect(sentShare([at('paused'), at('needsFile')])).toBeUndefined();
    expect(sentShare([at('sending', { bytes: 0 })])).toBe(0);
  });

  it('asks before leaving only while something goes on', () => {
    const active = (['waiting', 'sending', 'offline', 'paused', 'needsFile', 'needsPermission'] as const).filter((kind) => isActive(at(kind)));
    expect(active).toEqual(['waiting', 'sending', 'offline']);
    expect(isActive(item({ stage: { kind: 'failed', error: undefined } }))).toBe(false);
  });

  it('knows a file again by name and size', () => {
    const decomposed = { name: 'Einfu\u0308hrung.mp4', size: 100 };
    expect(isFileOf({ fileName: 'Einf\u00fchrung.mp4', bytes: 100 }, decomposed)).toBe(true);
    expect(isFileOf({ fileName: 'waves.mp4', bytes: 101 }, { name: 'waves.mp4', size: 100 })).toBe(false);
  });

  it('suggests titles by file names', () => {
    expect(titleOf('Lecture 3 – waves.mp4', 100)).toBe('Lecture 3 – waves');
    expect(titleOf('intro_to__optics.final.mov', 100)).toBe('intro to optics.final');
    expect(titleOf('.mp4', 100)).toBe('.mp4');
    expect(titleOf('abc.mp4', 2)).toBe('ab');
  });
});

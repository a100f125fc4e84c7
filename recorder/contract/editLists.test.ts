import { expect, it, vi } from 'vitest';
import { initSegment } from '../hls/fmp4/initSegment.ts';
import { mediaSegment } from '../hls/fmp4/mediaSegment.ts';
import { videoFormat } from '../testing/frames.ts';
import { EditLists } from './editLists.ts';

const samples = [0, 6000, -3000].map((compositionOffsetTicks) => ({ compositionOffsetTicks, durationTicks: 3000, isKeyframe: false, data: Uint8Array.of(1, 2, 3) }));
const bytesOf = (file: Uint8Array) => Uint8Array.from(file).buffer;
const segment = (compositionDelayTicks: number) => mediaSegment({ fragmentNumber: 1, decodeTimeTicks: 0, samples, compositionDelayTicks });

it('takes the edit list out of an init segment and out of the segments that belong to it', () => {
  const lists = new EditLists();
  const init = bytesOf(initSegment(videoFormat(), 3000));
  lists.init('init-0.mp4', init);
  expect(Buffer.from(init).includes('elst')).toBe(true);
  expect(Buffer.from(init).includes('edts')).toBe(false);
  const [own, other] = [bytesOf(segment(3000)), bytesOf(segment(3000))];
  const onChanged = vi.fn();
  lists.segment('init-0.mp4', own, onChanged);
  expect(onChanged).toHaveBeenCalledOnce();
  expect(Buffer.from(own).equals(segment(0))).toBe(true);
  lists.init('init-1.mp4', bytesOf(initSegment(videoFormat())));
  lists.segment('init-1.mp4', other, onChanged);
  expect(Buffer.from(other).equals(segment(3000))).toBe(true);
});

it('lets a segment wait that arrives before its init segment', () => {
  const lists = new EditLists();
  const files = [bytesOf(segment(3000)), bytesOf(segment(3000))];
  const onChanged = vi.fn();
  for (const file of files) lists.segment('init-0.mp4', file, onChanged);
  lists.init('init-1.mp4', bytesOf(initSegment(videoFormat(), 3000)));
  expect(onChanged).not.toHaveBeenCalled();
  lists.init('init-0.mp4', bytesOf(initSegment(videoFormat(), 3000)));
  expect(onChanged).toHaveBeenCalledTimes(2);
  expect(files.every((file) => Buffer.from(file).equals(segment(0)))).toBe(true);
});

it('leaves files without an edit list as they are, and damaged ones', () => {
  const lists = new EditLists();
  const init = bytesOf(initSegment(videoFormat()));
  lists.init('init-0.mp4', init);
  expect(Buffer.from(init).equals(initSegment(videoFormat()))).toBe(true);
  const damaged = bytesOf(Uint8Array.of(0, 0, 0, 99, 1, 2, 3, 4, 5));
  lists.init('init-0.mp4', damaged);
  const onChanged = vi.fn();
  lists.segment('init-0.mp4', damaged, onChanged);
  expect(onChanged).toHaveBeenCalledOnce();
});

import type * as hlsModule from 'hls.js';
import type { FragmentLoaderContext, LoaderCallbacks, LoaderConfiguration } from 'hls.js';
import { expect, it, vi } from 'vitest';
import { initSegment } from '../../../recorder/hls/fmp4/initSegment.ts';
import { mediaSegment } from '../../../recorder/hls/fmp4/mediaSegment.ts';
import { videoFormat } from '../../../recorder/testing/frames.ts';
import { editListLoader } from './editListLoader.ts';

type Callbacks = LoaderCallbacks<FragmentLoaderContext>;
const bytesOf = (file: Uint8Array) => Uint8Array.from(file).buffer;
const segment = (compositionDelayTicks: number) =>
  mediaSegment({ fragmentNumber: 1, decodeTimeTicks: 0, samples: [{ compositionOffsetTicks: 0, durationTicks: 3000, isKeyframe: true, data: Uint8Array.of(1) }], compositionDelayTicks });

/** Loaders whose files arrive when the test says so. */
function loaders() {
  class DefaultLoader {
    load(_context: FragmentLoaderContext, _config: LoaderConfiguration, callbacks: Callbacks): void {
      this.callbacks = callbacks;
    }
    abort(): void {}
    destroy(): void {}
    callbacks: Callbacks | undefined;
  }
  const Loader = editListLoader({ default: { DefaultConfig: { loader: DefaultLoader } } } as unknown as typeof hlsModule);
  const load = (frag: object) => {
    const loader = new Loader({} as never);
    const onSuccess = vi.fn<Callbacks['onSuccess']>();
    loader.load({ frag } as FragmentLoaderContext, {} as LoaderConfiguration, { onSuccess } as unknown as Callbacks);
    const arrive = (data: ArrayBuffer) => (loader as unknown as DefaultLoader).callbacks?.onSuccess({ url: '', data }, {} as never, {} as never, null);
    return { loader, onSuccess, arrive };
  };
  return { load, init: () => load({ sn: 'initSegment', url: 'https://here/token/main-video/init-3.mp4' }), segment: (token: string) => load({ sn: 5, url: '', initSegment: { url: `https://here/${token}/main-video/init-3.mp4` } }) };
}

it('passes a segment on without its edit once its init segment has arrived, whichever arrives first', () => {
  const all = loaders();
  const [init, early, late] = [all.init(), all.segment('token'), all.segment('another')];
  const [earlyFile, lateFile] = [bytesOf(segment(3000)), bytesOf(segment(3000))];
  early.arrive(earlyFile);
  expect(early.onSuccess).not.toHaveBeenCalled();
  init.arrive(bytesOf(initSegment(videoFormat(), 3000)));
  late.arrive(lateFile);
  for (const [loaded, file] of [[early, earlyFile], [late, lateFile]] as const) {
    expect(loaded.onSuccess).toHaveBeenCalledOnce();
    expect(Buffer.from(file).equals(segment(0))).toBe(true);
  }
});

it('passes nothing on of a load that was aborted while it waited, and all files that have no init segment', () => {
  const all = loaders();
  const [init, aborted] = [all.init(), all.segment('token')];
  aborted.arrive(bytesOf(segment(3000)));
  aborted.loader.abort();
  init.arrive(bytesOf(initSegment(videoFormat(), 3000)));
  expect(aborted.onSuccess).not.toHaveBeenCalled();
  const plain = all.load({ sn: 1, url: '' });
  plain.arrive(bytesOf(segment(0)));
  expect(plain.onSuccess).toHaveBeenCalledOnce();
});

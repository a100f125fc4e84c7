import { expect, it } from 'vitest';
import { backoffMs, remedyFor } from './hlsFailure.ts';

it('leaves failures that hls.js handles to hls.js', () => {
  expect(remedyFor({ type: 'networkError', details: 'fragLoadError', fatal: false, httpStatus: 503 })).toBe('none');
  expect(remedyFor({ type: 'mediaError', details: 'bufferStalledError', fatal: false })).toBe('none');
});

it.each([401, 403, 410])('renews the URLs on status %i', (httpStatus) => {
  expect(remedyFor({ type: 'networkError', details: 'fragLoadError', fatal: true, httpStatus })).toBe('renew');
});

it('opens the playlists again when a part is not there any more', () => {
  expect(remedyFor({ type: 'networkError', details: 'fragLoadError', fatal: true, httpStatus: 404 })).toBe('reopen');
});

it('loads again after a delay when the network failed', () => {
  expect(remedyFor({ type: 'networkError', details: 'levelLoadError', fatal: true, httpStatus: 0 })).toBe('reload');
  expect(remedyFor({ type: 'networkError', details: 'manifestLoadTimeOut', fatal: true })).toBe('reload');
});

it('distinguishes an unsupported format from broken data', () => {
  expect(remedyFor({ type: 'mediaError', details: 'manifestIncompatibleCodecsError', fatal: true })).toBe('giveUpCodec');
  expect(remedyFor({ type: 'mediaError', details: 'bufferAppendError', fatal: true })).toBe('recover');
});

it('gives up on an empty playlist', () => {
  expect(remedyFor({ type: 'networkError', details: 'manifestParsingError', fatal: true })).toBe('giveUpMissing');
});

it('waits longer after every failure, up to a limit', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
});

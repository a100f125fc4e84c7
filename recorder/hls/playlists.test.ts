import hlsParser from 'hls-parser';
import { describe, expect, it } from 'vitest';
import { audioFormat, videoFormat } from '../testing/frames.ts';
import { listingOf } from '../testing/listingOf.ts';
import type { CompleteSegment } from './segmenting/CompleteSegment.ts';
import { deltaPlaylist, growingPlaylist, mediaPlaylist } from './mediaPlaylist.ts';
import type { RecordingListing } from './mediaPlaylist.ts';
import { multivariantPlaylist } from './multivariantPlaylist.ts';
import { blackFormat } from './filler/blackFrame.ts';
import { playlistFiles, playlistNamed } from './playlistFiles.ts';
import { PlaylistLines } from './PlaylistLines.ts';

function segmentAt(track: CompleteSegment['track'], startMs: number, more: Partial<CompleteSegment> & { durationMs?: number; bytes?: number } = {}): CompleteSegment {
  const format = track === 'main-audio' ? audioFormat() : videoFormat();
  const perMs = track === 'main-audio' ? 48 : 90;
  const { durationMs = 2000, bytes = 1000, ...rest } = more;
  const sample = { durationTicks: durationMs * perMs, compositionOffsetTicks: 0, isKeyframe: true, data: new Uint8Array(bytes) };
  return { track, epoch: 0, format, startTicks: Math.round(startMs * perMs), durationTicks: Math.round(durationMs * perMs), samples: [sample], isIndependent: true, isFiller: false, ...rest };
}

function live(listing: RecordingListing): RecordingListing {
  return { ...listing, recording: { ...listing.recording, state: 'recording' } };
}

const parse = (text: string) => hlsParser.parse(text) as hlsParser.types.MediaPlaylist;

describe('A media playlist', () => {
  it('never changes a listed entry while it grows or when it ends', () => {
    const segments = [0, 2050, 4000, 30_000, 32_000].map((startMs) => segmentAt('main-video', startMs));
    const whole = listingOf(segments, {});
    const texts = [1, 2, 3, 4, 5].map((count) => mediaPlaylist(live({ ...whole, segments: whole.segments.slice(0, count) }), 'main-video'));
    for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? '#EXTM3U')).toBe(true);
    const entries = (text: string | undefined) => text?.slice(text.indexOf('#EXT-X-MAP')) ?? '';
    expect(entries(mediaPlaylist(whole, 'main-video'))).toBe(`${entries(texts.at(-1))}#EXT-X-ENDLIST\n`);
  });

  it('has a gap for a lost segment, in entries of at most ten seconds', () => {
    const listing = listingOf([segmentAt('main-video', 0), segmentAt('main-video', 2000, { durationMs: 2000 }), segmentAt('main-video', 25_000)], {});
    const middle = listing.segments[1];
    if (middle) middle.state = 'lost';
    const { segments } = parse(mediaPlaylist(listing, 'main-video'));
    expect(segments.map((segment) => [segment.gap ?? false, Math.round(segment.duration * 1000)])).toEqual([[false, 2000], [true, 7667], [true, 7667], [true, 7667], [false, 2000]]);
    expect(segments[4]?.programDateTime?.getTime()).toBe(Date.parse(listing.recording.startedAt) + 25_000);
  });

  it('adds a small gap to the next entry, so that errors do not add up', () => {
    const complete = Array.from({ length: 200 }, (_, index) => segmentAt('main-audio', index * 2010));
    const { segments } = parse(mediaPlaylist(listingOf(complete, {}), 'main-audio'));
    expect(segments.reduce((sum, segment) => sum + segment.duration, 0)).toBeCloseTo((199 * 2010 + 2000) / 1000, 6);
    expect(segments.some((segment) => segment.gap)).toBe(false);
  });

  it('has the discontinuities of lost epochs inside the gap', () => {
    const listing = listingOf([segmentAt('main-video', 0), segmentAt('main-video', 40_000, { epoch: 2 })], { main: [0, 10_000, 20_000].map((startMs, epoch) => ({ epoch, startMs })) });
    const text = mediaPlaylist(listing, 'main-video');
    expect(text.split('#EXT-X-DISCONTINUITY')).toHaveLength(3);
    const { segments } = parse(text);
    const dates = segments.filter((segment) => segment.discontinuity).map((segment) => (segment.programDateTime?.getTime() ?? 0) - Date.parse(listing.recording.startedAt));
    expect(dates).toEqual([10_000, 20_000]);
  });

  it('declares independent segments only when it is finished and all segments are independent', () => {
    const all = listingOf([segmentAt('main-video', 0), segmentAt('main-video', 2000)], {});
    expect(mediaPlaylist(all, 'main-video')).toContain('INDEPENDENT');
    expect(mediaPlaylist(live(all), 'main-video')).not.toContain('INDEPENDENT');
    const some = listingOf([segmentAt('main-video', 0), segmentAt('main-video', 2000, { isIndependent: false })], {});
    expect(mediaPlaylist(some, 'main-video')).not.toContain('INDEPENDENT');
  });
});

describe('A delta update', () => {
  const minutes = (count: number) => Array.from({ length: count * 30 }, (_, index) => segmentAt('main-video', index * 2000, index < 20 ? {} : { epoch: 1 }));
  const listing = live(listingOf(minutes(4), { main: [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 40_000 }] }));
  const linesOf = (of: RecordingListing) => {
    const lines = new PlaylistLines('main-video');
    lines.append(of, of.segments);
    return lines;
  };

  it('lists the last six target durations exactly as the whole playlist does', () => {
    const [whole, delta] = [growingPlaylist(linesOf(listing)), deltaPlaylist(linesOf(listing))];
    const [head = '', tail = ''] = delta.split(/#EXT-X-SKIP:SKIPPED-SEGMENTS=90\n/);
    expect(head).toBe(whole.slice(0, head.length).replace('VERSION:8', 'VERSION:9'));
    expect(whole.endsWith(tail)).toBe(true);
    expect(tail.match(/#EXTINF/g)).toHaveLength(30);
    expect(whole).toContain('#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=60.0\n');
  });

  it('is the whole playlist while that is short', () => {
    const short = { ...listing, segments: listing.segments.slice(0, 30) };
    expect(deltaPlaylist(linesOf(short))).toBe(growingPlaylist(linesOf(short)));
  });

  it('is not offered by a finished playlist', () => {
    expect(mediaPlaylist({ ...listing, recording: { ...listing.recording, state: 'finished' } }, 'main-video')).not.toContain('SERVER-CONTROL');
  });

  it('has the same text whether segments are appended one by one or at once, with gaps and epochs', () => {
    const withGaps = live(listingOf([0, 2000, 30_000, 32_000, 70_000].map((startMs, index) => segmentAt('main-video', startMs, { epoch: index > 2 ? 1 : 0 })), { main: [{ epoch: 0, startMs: 0 }, { epoch: 1, startMs: 31_500 }] }));
    const lines = new PlaylistLines('main-video');
    for (let count = 0; count <= withGaps.segments.length; count += 1) lines.append(withGaps, withGaps.segments.slice(0, count));
    expect(growingPlaylist(lines)).toBe(mediaPlaylist(withGaps, 'main-video'));
  });
});

describe('A multivariant playlist', () => {
  const variantsOf = (listing: RecordingListing) => hlsParser.parse(multivariantPlaylist(listing, 'main') ?? '') as hlsParser.types.MasterPlaylist;

  it('combines video and audio, with measured bitrates', () => {
    const listing = listingOf([segmentAt('main-video', 0, { bytes: 99_000 }), segmentAt('main-video', 2000, { bytes: 199_000 }), segmentAt('main-audio', 0, { durationMs: 4000, bytes: 1000 })], {});
    const [variant] = variantsOf(listing).variants;
    expect(variant?.audio[0]?.uri).toBe('main-audio.m3u8');
    expect(variant?.bandwidth).toBeGreaterThan(790_000);
    expect(variant?.averageBandwidth).toBeLessThan(variant?.bandwidth ?? 0);
    expect(variant?.codecs).toBe('avc1.640010,mp4a.40.2');
  });

  it('names only the codecs that the recording has, also while it grows: a player without Opus would refuse it', () => {
    const listing = listingOf([segmentAt('main-video', 0), segmentAt('main-audio', 0)], {});
    expect(variantsOf(live(listing)).variants[0]?.codecs).toBe('avc1.640010,mp4a.40.2');
    const both = listingOf([segmentAt('main-video', 0), segmentAt('main-audio', 0), segmentAt('main-audio', 2000, { format: audioFormat('opus'), epoch: 1 })], {});
    expect(variantsOf(live(both)).variants[0]?.codecs).toBe('avc1.640010,mp4a.40.2,opus');
  });

  it('names the highest frame rate of any segment, not the average', () => {
    const sample = segmentAt('main-video', 0).samples[0];
    if (!sample) throw new Error('expected a sample');
    const ofRate = (startMs: number, frameRate: number) => segmentAt('main-video', startMs, { samples: Array.from({ length: 2 * frameRate }, () => ({ ...sample, durationTicks: 90_000 / frameRate })) });
    expect(variantsOf(listingOf([ofRate(0, 15), ofRate(2000, 60), ofRate(4000, 30)], {})).variants[0]?.frameRate).toBe(60);
  });

  it('does not count copies of frames for the frame rate', () => {
    const sample = segmentAt('main-video', 0).samples[0];
    if (!sample) throw new Error('expected a sample');
    const samples = [...Array.from({ length: 100 }, () => ({ ...sample, isRepeated: true, durationTicks: 1 })), { ...sample, durationTicks: 90_000 }, { ...sample, durationTicks: 89_900 }];
    expect(variantsOf(listingOf([segmentAt('main-video', 0, { samples })], {})).variants[0]?.frameRate).toBe(1);
  });

  it('names the language of the audio', () => {
    const listing = listingOf([segmentAt('main-video', 0), segmentAt('main-audio', 0)], {});
    const spoken = { ...listing, recording: { ...listing.recording, language: 'pt-BR' } };
    expect(variantsOf(spoken).variants[0]?.audio[0]?.language).toBe('pt-BR');
  });

  it('names an I-frame playlist when the recording is finished, which lists the bytes of each first keyframe', () => {
    const isDependent = { isIndependent: false };
    const listing = listingOf([segmentAt('main-video', 0), segmentAt('main-video', 2000, isDependent), segmentAt('main-video', 4000, { epoch: 1 })], { main: [0, 4000].map((startMs, epoch) => ({ epoch, startMs })) });
    const iFrames = variantsOf(listing).variants.find(({ isIFrameOnly }) => isIFrameOnly);
    expect(iFrames).toMatchObject({ uri: 'main-video-iframes.m3u8', codecs: 'avc1.640010', resolution: { width: 320, height: 180 } });
    expect(iFrames?.bandwidth).toBeGreaterThan(2000);
    const { segments, isIFrame } = parse(playlistNamed(listing, 'main-video-iframes.m3u8') ?? '');
    expect(isIFrame).toBe(true);
    expect(segments.map(({ uri, duration, discontinuity }) => [uri, duration, discontinuity ?? false])).toEqual([['main-video/000000.m4s', 4, false], ['main-video/000002.m4s', 2, true]]);
    const [first, , third] = listing.files.filter(({ key }) => key.endsWith('.m4s'));
    // A segment of one frame is needed whole.
    expect(segments.map(({ byterange }) => byterange)).toEqual([first, third].map((file) => ({ offset: 0, length: file?.bytes.length })));
    expect(playlistNamed(live(listing), 'main-video-iframes.m3u8')).toBeUndefined();
    expect(playlistNamed(listing, 'main-audio-iframes.m3u8')).toBeUndefined();
  });

  it('names the most demanding codec and the highest frame rate', () => {
    const small = { ...videoFormat(), codecString: 'avc1.64001e' };
    const large = { ...videoFormat(1), codecString: 'avc1.42c028', widthPx: 1280, heightPx: 720 };
    const sample = segmentAt('main-video', 0).samples[0];
    if (!sample) throw new Error('expected a sample');
    const fast = { format: small, samples: Array.from({ length: 60 }, () => ({ ...sample, durationTicks: 3000 })) };
    const slow = { format: large, epoch: 1, samples: Array.from({ length: 30 }, () => ({ ...sample, durationTicks: 6000 })) };
    const [variant] = variantsOf(listingOf([segmentAt('main-video', 0, fast), segmentAt('main-video', 2000, slow)], {})).variants;
    expect(variant).toMatchObject({ codecs: 'avc1.640028', frameRate: 30, resolution: { width: 1280, height: 720 } });
  });

  it('describes the published video, not the black fillers', () => {
    const black = segmentAt('main-video', 0, { isFiller: true, format: blackFormat({ widthPx: 9000, heightPx: 9000 }) });
    expect(variantsOf(listingOf([black, segmentAt('main-video', 2000, { epoch: 1 })], {})).variants[0]).toMatchObject({ codecs: 'avc1.640010', resolution: { width: 320, height: 180 } });
  });

  it('has audio or video alone when there is no other track', () => {
    expect(variantsOf(listingOf([segmentAt('main-audio', 0)], {})).variants[0]).toMatchObject({ uri: 'main-audio.m3u8', codecs: 'mp4a.40.2' });
    expect(variantsOf(listingOf([segmentAt('main-video', 0)], {})).variants[0]).toMatchObject({ uri: 'main-video.m3u8', codecs: 'avc1.640010' });
    expect([...playlistFiles(listingOf([segmentAt('screen-video', 0)], {})).keys()]).toEqual(['screen.m3u8', 'screen-video.m3u8', 'screen-video-iframes.m3u8']);
    expect(playlistNamed(listingOf([segmentAt('screen-video', 0)], {}), 'other.m3u8')).toBeUndefined();
  });
});

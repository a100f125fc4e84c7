import { describe, expect, it } from 'vitest';
import { cutPlaylist, cutPointsOf, keptOfPlaylist, servedFiles } from './cutPlaylist.ts';
import { widenToCutPoints } from './widenToCutPoints.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });

/** Five segments of 4 s in two parts; the fourth begins a new epoch. */
const renditions = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:4
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MAP:URI="1/v720/init.mp4"
#EXTINF:4.000000,
#EXT-X-BYTERANGE:100@0
1/v720/0.mp4
#EXTINF:4.000000,
#EXT-X-BYTERANGE:200@100
1/v720/0.mp4
#EXTINF:4.000000,
#EXT-X-BYTERANGE:300@300
1/v720/0.mp4
#EXT-X-DISCONTINUITY
#EXTINF:4.000000,
#EXT-X-BYTERANGE:50@0
1/v720/1.mp4
#EXTINF:3.500000,
#EXT-X-BYTERANGE:50@50
1/v720/1.mp4
#EXT-X-ENDLIST
`;

/** As a recording writes it: other init segments after a discontinuity, dates, and a gap. */
const recording = `#EXTM3U
#EXT-X-VERSION:8
#EXT-X-TARGETDURATION:4
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="main-video/init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:00.000Z
#EXTINF:4.000000,
main-video/000000.m4s
#EXTINF:4.000000,
main-video/000001.m4s
#EXT-X-GAP
#EXTINF:2.000000,
main-video/gap.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="main-video/init-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:10.000Z
#EXTINF:4.000000,
main-video/000002.m4s
#EXTINF:4.000000,
main-video/000003.m4s
#EXT-X-ENDLIST
`;

describe('A playlist', () => {
  it('without cuts stays as it is', () => {
    expect(cutPlaylist(renditions, { cuts: [] })).toBe(renditions.replace('#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="1/v720/init.mp4"\n', '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="1/v720/init.mp4"\n'));
    expect(cutPlaylist(recording, { cuts: [] })).toBe(recording);
  });

  it('has one discontinuity where a part is cut, whatever was in it', () => {
    const text = cutPlaylist(renditions, { cuts: [span(4000, 12_000)] });
    expect(text.split('\n').slice(6)).toEqual(['#EXT-X-MAP:URI="1/v720/init.mp4"', '#EXTINF:4.000000,', '#EXT-X-BYTERANGE:100@0', '1/v720/0.mp4', '#EXT-X-DISCONTINUITY', '#EXTINF:4.000000,', '#EXT-X-BYTERANGE:50@0', '1/v720/1.mp4', '#EXTINF:3.500000,', '#EXT-X-BYTERANGE:50@50', '1/v720/1.mp4', '#EXT-X-ENDLIST', '']);
  });

  it('keeps the init segment and the date of what follows a cut', () => {
    const text = cutPlaylist(recording, { cuts: [span(4000, 14_000)] });
    expect(text.split('\n').slice(5)).toEqual(['#EXT-X-MAP:URI="main-video/init-0.mp4"', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:00.000Z', '#EXTINF:4.000000,', 'main-video/000000.m4s', '#EXT-X-DISCONTINUITY', '#EXT-X-MAP:URI="main-video/init-1.mp4"', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:14.000Z', '#EXTINF:4.000000,', 'main-video/000003.m4s', '#EXT-X-ENDLIST', '']);
  });

  it('whose beginning is cut begins without a discontinuity', () => {
    expect(cutPlaylist(recording, { cuts: [span(0, 10_000)] }).split('\n').slice(5, 8)).toEqual(['#EXT-X-MAP:URI="main-video/init-1.mp4"', '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T10:00:10.000Z', '#EXTINF:4.000000,']);
  });

  it('of a clip has what is within it', () => {
    expect(cutPlaylist(renditions, { cuts: [], within: span(4000, 12_000) }).match(/BYTERANGE:.*/g)).toEqual(['BYTERANGE:200@100', 'BYTERANGE:300@300']);
    expect(cutPlaylist(renditions, { cuts: [span(8000, 12_000)], within: span(4000, 16_000) }).match(/BYTERANGE:.*/g)).toEqual(['BYTERANGE:200@100', 'BYTERANGE:50@0']);
  });

  it('of another track loses a segment that overlaps the cut by more than a frame or two', () => {
    const kept = (cut: { startMs: number; endMs: number }) => cutPlaylist(renditions, { cuts: [cut] }).match(/BYTERANGE/g)?.length;
    expect(kept(span(4021, 8021))).toBe(4);
    expect(kept(span(4101, 8101))).toBe(3);
    expect(kept(span(1000, 2000))).toBe(4);
  });

  it('of audio keeps all that is not cut, with addresses of their own for segments that are cut in part', () => {
    const text = cutPlaylist(renditions, { cuts: [span(5000, 11_000), span(17_000, 18_000)] }, true);
    expect(text.split('\n').filter((line) => !line.startsWith('#') || /EXTINF|DISCONT/.test(line))).toEqual([
      ...['#EXTINF:4.000000,', '1/v720/0.mp4', '#EXTINF:1.000000,', '1/v720/0.mp4?from=4000&to=5000&bytes=100-299', '#EXT-X-DISCONTINUITY', '#EXTINF:1.000000,', '1/v720/0.mp4?from=11000&to=12000&bytes=300-599'],
      ...['#EXT-X-DISCONTINUITY', '#EXTINF:4.000000,', '1/v720/1.mp4', '#EXTINF:1.000000,', '1/v720/1.mp4?from=16000&to=17000&bytes=50-99', '#EXT-X-DISCONTINUITY', '#EXTINF:1.500000,', '1/v720/1.mp4?from=18000&to=19500&bytes=50-99', ''],
    ]);
    expect([...servedFiles(renditions, { cuts: [span(5000, 11_000)] }, true)][0]).toEqual(['1/v720/0.mp4', [{ first: 0, last: 99 }]]);
  });

  it('says what is left of its time, and which bytes may be served', () => {
    expect(keptOfPlaylist(renditions, { cuts: [span(4000, 8000)] })).toEqual([span(0, 4000), span(8000, 19_500)]);
    expect([...servedFiles(renditions, { cuts: [span(4000, 8000)] })]).toEqual([
      ['1/v720/0.mp4', [{ first: 0, last: 99 }, { first: 300, last: 599 }]],
      ['1/v720/1.mp4', [{ first: 0, last: 99 }]],
    ]);
    expect([...servedFiles(recording, { cuts: [span(4000, 14_000)] })]).toEqual([['main-video/000000.m4s', 'whole'], ['main-video/000003.m4s', 'whole']]);
  });
});

describe('A cut', () => {
  it('is widened to the points between segments, so that nothing of it is left', () => {
    const points = cutPointsOf(renditions);
    expect(points).toEqual([0, 4000, 8000, 12_000, 16_000, 19_500]);
    expect(widenToCutPoints(points, span(5000, 9000))).toEqual(span(4000, 12_000));
    expect(widenToCutPoints(points, span(4000, 8000))).toEqual(span(4000, 8000));
    expect(widenToCutPoints(points, span(3999.5, 8000.4))).toEqual(span(4000, 8000));
    expect(widenToCutPoints(points, span(18_000, 60_000))).toEqual(span(16_000, 19_500));
    expect(widenToCutPoints(points, span(20_000, 60_000))).toBeUndefined();
    expect(widenToCutPoints([0], span(0, 1000))).toBeUndefined();
  });
});

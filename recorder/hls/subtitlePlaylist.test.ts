import { describe, expect, it } from 'vitest';
import { firstVariant, shiftAt, subtitlePlaylist, timestampMap, withSubtitles } from './subtitlePlaylist.ts';

const multivariant = ['#EXTM3U', '#EXT-X-VERSION:8', '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Lecture",URI="main-audio.m3u8"', '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1",AUDIO="audio"', 'main-video.m3u8', '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="main-video-iframes.m3u8"', ''].join('\n');

describe('A multivariant playlist', () => {
  it('lists captions once, and every variant names them', () => {
    const text = withSubtitles(multivariant, [{ language: 'en', label: 'English "CC"', uri: 'c/1/main-video.m3u8' }, { language: 'es', label: "English 'CC'", uri: 'c/2/main-video.m3u8' }]);
    expect(text.split('\n').slice(3, 7)).toEqual([
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English 'CC'",LANGUAGE="en",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="c/1/main-video.m3u8"`,
      `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English 'CC' 2",LANGUAGE="es",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI="c/2/main-video.m3u8"`,
      '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1",AUDIO="audio",SUBTITLES="captions"',
      'main-video.m3u8',
    ]);
    expect(text).toContain('#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="main-video-iframes.m3u8"');
    expect(firstVariant(text)).toBe('main-video.m3u8');
  });

  it('of a video without captions stays as it is', () => {
    expect(withSubtitles(multivariant, [])).toBe(multivariant);
    expect(firstVariant('#EXTM3U\n')).toBeUndefined();
  });
});

const media = (...entries: string[]) => ['#EXTM3U', '#EXT-X-TARGETDURATION:4', '#EXT-X-MAP:URI="init.mp4"', ...entries, '#EXT-X-ENDLIST', ''].join('\n');
const segments = (count: number, seconds = 4) => Array.from({ length: count }, () => `#EXTINF:${seconds.toFixed(6)},\nx.m4s`);
const entriesOf = (text: string | undefined) => text?.split('\n').slice(5, -2);

describe('The playlist of captions', () => {
  it('has segments of a minute, and is as long as the video', () => {
    const text = subtitlePlaylist(media(...segments(40), '#EXTINF:0.500000,', 'x.m4s'), [{ startMs: 0, endMs: 160_500 }]);
    expect(text).toContain('#EXT-X-TARGETDURATION:60\n#EXT-X-PLAYLIST-TYPE:VOD\n');
    expect(entriesOf(text)).toEqual(['#EXTINF:60.000000,', '0-60000-0.vtt', '#EXTINF:60.000000,', '60000-120000-0.vtt', '#EXTINF:40.500000,', '120000-160500-0.vtt']);
  });

  it('has the discontinuities of the video, and says after a cut how much later the media are', () => {
    const kept = [{ startMs: 4000, endMs: 12_000 }, { startMs: 40_000, endMs: 44_000 }, { startMs: 60_000, endMs: 64_000 }];
    const text = subtitlePlaylist(media('#EXT-X-DISCONTINUITY', ...segments(1), '#EXT-X-DISCONTINUITY', '#EXT-X-DISCONTINUITY', ...segments(1), '#EXT-X-DISCONTINUITY', ...segments(1, 4.00001), '#EXT-X-DISCONTINUITY', ...segments(1)), kept);
    expect(entriesOf(text)).toEqual([
      '#EXT-X-DISCONTINUITY', '#EXTINF:4.000000,', '0-4000-4000.vtt',
      '#EXT-X-DISCONTINUITY', '#EXT-X-DISCONTINUITY', '#EXTINF:4.000000,', '4000-8000-4000.vtt',
      '#EXT-X-DISCONTINUITY', '#EXTINF:4.000010,', '8000-12000-32000.vtt',
      '#EXT-X-DISCONTINUITY', '#EXTINF:4.000000,', '12000-16000-48000.vtt',
    ]);
  });

  it('does not exist beside a playlist that grows', () => {
    expect(subtitlePlaylist('#EXTM3U\n#EXTINF:4,\nx.m4s\n', [])).toBeUndefined();
  });

  it('maps its times to timestamps of 33 bits, as they are after 26.5 hours', () => {
    expect(timestampMap({ fromMs: 8000, toMs: 9000, shiftMs: 32_000 }, '00:00:08.000')).toBe('X-TIMESTAMP-MAP=LOCAL:00:00:08.000,MPEGTS:3600000');
    expect(timestampMap({ fromMs: 100_000_000, toMs: 100_001_000, shiftMs: 0 }, '27:46:40.000')).toBe(`X-TIMESTAMP-MAP=LOCAL:27:46:40.000,MPEGTS:${9_000_000_000 - 2 ** 33}`);
    expect(shiftAt([{ startMs: 0, endMs: 10 }], { fromMs: 5000, toMs: 6000 })).toBe(0);
  });
});

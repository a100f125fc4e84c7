import { readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Apple's HLS Authoring Specification, as far as it applies to on-demand video in H.264 and AAC, and the rules of RFC 8216bis
 * that it relies on. Returns what is violated, with the number of the rule.
 */
export async function authoringProblems(folder: string, name: string): Promise<string[]> {
  const read = (file: string) => readFile(path.join(folder, file), 'utf8');
  const text = await read(name);
  const lines = text.split('\n');
  const problems: string[] = [];
  const check: Check = (rule, isObeyed, detail) => void (isObeyed || problems.push(`${rule}: ${detail}`));
  const variants = lines.flatMap((line, index) => (line.startsWith('#EXT-X-STREAM-INF:') ? [{ ...attributesOf(line), URI: lines[index + 1] ?? '' }] : []) as Attributes[]);
  const audios = lines.filter((line) => line.startsWith('#EXT-X-MEDIA:TYPE=AUDIO')).map(attributesOf);
  const keyframes = lines.filter((line) => line.startsWith('#EXT-X-I-FRAME-STREAM-INF:')).map(attributesOf);
  check('RFC 8216bis §4.4.1.1', lines[0] === '#EXTM3U', 'the playlist does not begin with #EXTM3U');
  check('9.1', variants.length > 0, 'there is no variant');
  check('8.18', lines.includes('#EXT-X-INDEPENDENT-SEGMENTS'), 'segments are not said to be independent');

  const lists = new Map<string, MediaList>();
  for (const uri of new Set([...variants, ...audios, ...keyframes].flatMap(({ URI }) => URI ?? []))) lists.set(uri, parseMedia(await read(uri)));
  for (const variant of variants) checkVariant(variant, { audios, lists, check });
  check('9.12', audios.length === 0 || variants.some(({ CODECS }) => CODECS?.includes('mp4a.40.2')), 'there is no AAC-LC');
  const videoLists = variants.filter((variant) => variant['RESOLUTION'] !== undefined).flatMap(({ URI }) => lists.get(URI ?? '') ?? []);
  check('9.9', videoLists.length === 0 || keyframes.length > 0, 'there is no playlist of keyframes');
  for (const list of videoLists) check('7.4', boundaries(list) === boundaries(videoLists[0]), 'the segments of two variants are not aligned');
  for (const [uri, list] of lists) {
    check('RFC 8216bis §4.4.3.1', list.segments.every(({ seconds }) => Math.round(seconds) <= list.targetSeconds), `${uri} has a segment that is longer than its target duration`);
    check('7.5', list.targetSeconds <= 12, `${uri} has a target duration of ${list.targetSeconds} s`);
    check('8.1', list.isComplete, `${uri} has no EXT-X-PLAYLIST-TYPE:VOD or no EXT-X-ENDLIST`);
    check('RFC 8216bis §4.4.4.5', list.map !== undefined, `${uri} has no EXT-X-MAP`);
    await checkMedia(uri, list, { folder, check });
  }
  const ends = [...lists.values()].map(({ segments }) => segments.reduce((sum, { seconds }) => sum + seconds, 0));
  check('8.3', Math.max(...ends) - Math.min(...ends) < 1, 'renditions have different lengths');
  return problems;
}

type Check = (rule: string, isObeyed: boolean, detail: string) => void;

function checkVariant(variant: Attributes, { audios, lists, check }: { audios: readonly Attributes[]; lists: ReadonlyMap<string, MediaList>; check: Check }): void {
  const { URI: uri = '' } = variant;
  const audio = audios.find((one) => one['GROUP-ID'] === variant['AUDIO'] && one['DEFAULT'] === 'YES');
  const isVideo = variant['RESOLUTION'] !== undefined;
  for (const attribute of ['BANDWIDTH', 'AVERAGE-BANDWIDTH', 'CODECS']) check('9.15', variant[attribute] !== undefined, `${uri} has no ${attribute}`);
  check('9.16', !isVideo || variant['FRAME-RATE'] !== undefined, `${uri} has no FRAME-RATE`);
  check('1.6', Number(variant['FRAME-RATE'] ?? 0) <= 60, `${uri} has more than 60 frames per second`);
  check('1.1', !isVideo || /avc1\.(42|4d|64)/.test(variant['CODECS'] ?? ''), `${uri} is no H.264`);
  check('9.17', variant['AUDIO'] === undefined || audio !== undefined, `${uri} names no audio group`);
  const own = lists.get(uri);
  const withAudio = isVideo && audio?.URI !== undefined ? lists.get(audio.URI) : undefined;
  const [peak, average] = [own, withAudio].reduce(([p, a], list) => [p + (list?.peakBps ?? 0), a + (list?.averageBps ?? 0)], [0, 0]);
  const declared = Number(variant['BANDWIDTH']);
  check('1.28', peak <= declared * 1.1, `${uri} has a peak of ${Math.round(peak)} bps, above its BANDWIDTH of ${declared}`);
  check('1.27', Math.abs(average / Number(variant['AVERAGE-BANDWIDTH']) - 1) < 0.1, `${uri} has an average of ${Math.round(average)} bps, not ${variant['AVERAGE-BANDWIDTH']}`);
}

type Attributes = Record<string, string | undefined> & { URI?: string };

function attributesOf(line: string): Attributes {
  const found = line.matchAll(/([A-Z0-9-]+)=("[^"]*"|[^,]*)/g);
  return Object.fromEntries([...found].map(([, key, value]) => [key ?? '', (value ?? '').replaceAll('"', '')]));
}

interface MediaList {
  targetSeconds: number;
  isComplete: boolean;
  isKeyframes: boolean;
  map: string | undefined;
  segments: { seconds: number; bytes: number; offset: number; file: string }[];
  peakBps: number;
  averageBps: number;
}

function parseMedia(text: string): MediaList {
  const segments = [...text.matchAll(/#EXTINF:([\d.]+),[^\n]*\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n([^#\n]+)/g)].map(([, seconds, bytes, offset, file]) => ({ seconds: Number(seconds), bytes: Number(bytes), offset: Number(offset), file: file ?? '' }));
  const total = (field: 'seconds' | 'bytes') => segments.reduce((sum, segment) => sum + segment[field], 0);
  return {
    segments,
    targetSeconds: Number(/#EXT-X-TARGETDURATION:(\d+)/.exec(text)?.[1]),
    isComplete: text.includes('#EXT-X-PLAYLIST-TYPE:VOD') && text.includes('#EXT-X-ENDLIST'),
    isKeyframes: text.includes('#EXT-X-I-FRAMES-ONLY'),
    map: /#EXT-X-MAP:URI="([^"]+)"/.exec(text)?.[1],
    peakBps: Math.max(0, ...segments.filter(({ seconds }) => seconds >= 0.5).map(({ seconds, bytes }) => (bytes * 8) / seconds)),
    averageBps: (total('bytes') * 8) / total('seconds'),
  };
}

const boundaries = (list: MediaList | undefined): string => (list?.segments ?? []).map(({ seconds }) => seconds.toFixed(3)).join(' ');

/** The media itself: every segment is whole, begins with a `moof`, and starts where the one before it ended. */
async function checkMedia(uri: string, list: MediaList, { folder, check }: { folder: string; check: Check }): Promise<void> {
  const init = await readFile(path.join(folder, list.map ?? ''));
  const mdhd = init.indexOf('mdhd');
  const timescale = init.readUInt32BE(mdhd + 16);
  let at = 0;
  for (const { file, offset, bytes, seconds } of list.segments) {
    const media = (await readFile(path.join(folder, file))).subarray(offset, offset + bytes);
    check('RFC 8216bis §4.4.4.2', media.length === bytes, `${uri} lists bytes that do not exist`);
    check('1.9', media.toString('latin1', 4, 8) === 'moof', `a segment of ${uri} does not begin with a fragment`);
    const tfdt = media.indexOf('tfdt');
    const start = Number(media.readBigUInt64BE(tfdt + 8)) / timescale;
    check('7.4', Math.abs(start - at) < 0.005, `a segment of ${uri} begins at ${start} s, not at ${at} s`);
    at += seconds;
  }
}

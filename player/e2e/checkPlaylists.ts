import hlsParser from 'hls-parser';
import { until } from '#engine/testing';
import { readFragment, readInit } from './readFragment.ts';
import type { ReadInit } from './readFragment.ts';

/** Media and playlist may differ by so much: a small gap becomes part of the segment after it. */
const tolerableSeconds = 0.11;
/** RFC 8216 §6.2.4: the discontinuities of all renditions are at the same times; a track begins one with its next frame. */
const sharedBorderSeconds = 1.2;

interface Line {
  uri: string;
  seconds: number;
  isGap: boolean;
  discontinuities: number;
  mapUri: string | undefined;
  dateMs: number | undefined;
}

interface Checked {
  name: string;
  /** Where each discontinuity begins, on the playlist's clock. */
  borders: number[];
  endSeconds: number;
  peakBps: number;
}

/**
 * Validates an ended recording by RFC 8216: the multivariant playlist, every playlist that it names, and every segment
 * against its playlist. The last segments may still be written. Returns the problems, a sentence each.
 */
export async function checkPlaylists(masterUrl: string): Promise<string[]> {
  const problems: string[] = [];
  const uris = trackUris(await textOf(masterUrl));
  const checked: Checked[] = [];
  for (const uri of uris) checked.push(await checkTrack(new URL(uri, masterUrl).href, problems));
  checkGroup(checked, problems);
  // Final only once its tracks have ended.
  const text = await textOf(masterUrl);
  parseStrictly('the multivariant playlist', text, problems);
  const attributes = text.split('\n').find((line) => line.startsWith('#EXT-X-STREAM-INF:')) ?? '';
  const peakBps = checked.reduce((sum, track) => sum + track.peakBps, 0);
  const bandwidth = Number(attribute(attributes, 'BANDWIDTH'));
  // §4.3.4.2: within 10 % of the rate of the segments.
  if (!(bandwidth >= peakBps * 0.9)) problems.push(`BANDWIDTH is ${bandwidth}, the segments have ${Math.round(peakBps)}`);
  const needed = uris.length > 1 ? ['CODECS', 'RESOLUTION', 'FRAME-RATE', 'AUDIO'] : ['CODECS'];
  for (const name of needed) if (attribute(attributes, name) === undefined) problems.push(`the variant has no ${name}`);
  return problems;
}

function trackUris(text: string): string[] {
  const lines = text.split('\n');
  const variant = lines[lines.findIndex((line) => line.startsWith('#EXT-X-STREAM-INF:')) + 1] ?? '';
  return [variant, ...lines.filter((line) => line.startsWith('#EXT-X-MEDIA:')).map((line) => attribute(line, 'URI') ?? '')];
}

async function checkTrack(url: string, problems: string[]): Promise<Checked> {
  const text = await until('the end of the playlist', async () => (await textOf(url)).match(/^[^]*#EXT-X-ENDLIST\s*$/)?.[0]);
  const name = url.slice(url.lastIndexOf('/') + 1).replace('.m3u8', '');
  const say = (problem: string) => void problems.push(`${name}: ${problem}`);
  parseStrictly(name, text, problems);
  checkHeader(text, say);
  const walk: Walk = { url, isIndependent: text.includes('#EXT-X-INDEPENDENT-SEGMENTS'), inits: new Map(), mediaEnd: 0, sequence: 0, zeroMs: undefined, track: { name, borders: [], endSeconds: 0, peakBps: 0 } };
  const lines = linesOf(text);
  const uris = lines.filter(({ isGap }) => !isGap).map(({ uri }) => uri);
  if (new Set(uris).size !== uris.length) say('a segment is listed twice');
  for (const line of lines) {
    const at = walk.track.endSeconds;
    const sayOfLine = (problem: string) => say(`${line.uri} at ${at.toFixed(3)} s: ${problem}`);
    if (Math.round(line.seconds) > targetSecondsOf(text)) sayOfLine(`EXTINF ${line.seconds} is above the target duration`);
    checkPosition(line, walk, sayOfLine);
    walk.track.endSeconds += line.seconds;
    if (!line.isGap) await checkSegment({ line, at, walk }, sayOfLine);
  }
  return walk.track;
}

interface Walk {
  url: string;
  isIndependent: boolean;
  inits: Map<string, ReadInit>;
  mediaEnd: number;
  sequence: number;
  zeroMs: number | undefined;
  track: Checked;
}

type Say = (problem: string) => void;

function targetSecondsOf(text: string): number {
  return Number(/^#EXT-X-TARGETDURATION:(.*)$/m.exec(text)?.[1]);
}

function checkHeader(text: string, say: Say): void {
  const value = (tag: string) => new RegExp(`^#${tag}:(.*)$`, 'm').exec(text)?.[1];
  if (!Number.isInteger(targetSecondsOf(text))) say('EXT-X-TARGETDURATION is not an integer');
  if (Number(value('EXT-X-VERSION')) < 6) say('EXT-X-MAP needs version 6');
  if (value('EXT-X-MEDIA-SEQUENCE') !== '0') say('EXT-X-MEDIA-SEQUENCE is not 0');
  if (value('EXT-X-PLAYLIST-TYPE') !== 'VOD') say('EXT-X-PLAYLIST-TYPE is not VOD');
}

function checkPosition(line: Line, walk: Walk, say: Say): void {
  const at = walk.track.endSeconds;
  if (line.discontinuities > 1) say('more than one EXT-X-DISCONTINUITY before it');
  for (let count = 0; count < line.discontinuities; count += 1) walk.track.borders.push(at);
  if (line.dateMs === undefined) return;
  walk.zeroMs ??= line.dateMs - at * 1000;
  if (Math.abs(line.dateMs - at * 1000 - walk.zeroMs) > 2) say('EXT-X-PROGRAM-DATE-TIME does not agree with the durations before it');
}

async function checkSegment({ line, at, walk }: { line: Line; at: number; walk: Walk }, say: Say): Promise<void> {
  if (line.mapUri === undefined) return say('it has no EXT-X-MAP');
  const { url, inits, track } = walk;
  const init = inits.get(line.mapUri) ?? readInit(await bytesOf(new URL(line.mapUri, url).href));
  inits.set(line.mapUri, init);
  const file = await bytesOf(new URL(line.uri, url).href);
  const fragment = readFragment(file);
  const startSeconds = fragment.decodeTimeTicks / init.timescale;
  const seconds = fragment.durationTicks / init.timescale;
  if (Math.abs(startSeconds - at) > tolerableSeconds) say(`tfdt says ${startSeconds.toFixed(3)} s`);
  if (Math.abs(seconds - line.seconds) > tolerableSeconds) say(`EXTINF is ${line.seconds}, the samples last ${seconds.toFixed(3)} s`);
  if (startSeconds < walk.mediaEnd - 1.5 / init.timescale) say(`it begins ${((walk.mediaEnd - startSeconds) * 1000).toFixed(2)} ms before the one before it ends`);
  if (fragment.sequence <= walk.sequence) say(`its fragment number ${fragment.sequence} does not rise`);
  if (!fragment.beginsWithSyncSample && (walk.isIndependent || line.discontinuities > 0)) say('it does not begin with a sync sample');
  // RFC 8216bis §4.4.6.2 excludes short segments.
  if (seconds >= 1) track.peakBps = Math.max(track.peakBps, (file.length * 8) / seconds);
  walk.mediaEnd = startSeconds + seconds;
  walk.sequence = fragment.sequence;
}

function checkGroup(tracks: readonly Checked[], problems: string[]): void {
  const [first, ...others] = tracks;
  if (!first) return;
  for (const other of others) {
    if (other.borders.length !== first.borders.length) problems.push(`${first.name} has ${first.borders.length} discontinuities, ${other.name} ${other.borders.length}`);
    for (const [index, border] of other.borders.entries()) {
      const expected = first.borders[index];
      if (expected !== undefined && Math.abs(expected - border) > sharedBorderSeconds) problems.push(`discontinuity ${index + 1} is at ${expected.toFixed(3)} s in ${first.name}, at ${border.toFixed(3)} s in ${other.name}`);
    }
    if (Math.abs(other.endSeconds - first.endSeconds) > 3) problems.push(`${first.name} ends at ${first.endSeconds.toFixed(3)} s, ${other.name} at ${other.endSeconds.toFixed(3)} s`);
  }
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let next: Omit<Line, 'uri' | 'mapUri'> = { seconds: NaN, isGap: false, discontinuities: 0, dateMs: undefined };
  let mapUri: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXTINF:')) next.seconds = Number.parseFloat(line.slice(8));
    if (line === '#EXT-X-GAP') next.isGap = true;
    if (line === '#EXT-X-DISCONTINUITY') next.discontinuities += 1;
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) next.dateMs = Date.parse(line.slice(25));
    if (line.startsWith('#EXT-X-MAP:')) mapUri = attribute(line, 'URI');
    if (line === '' || line.startsWith('#')) continue;
    lines.push({ ...next, uri: line, mapUri });
    next = { seconds: NaN, isGap: false, discontinuities: 0, dateMs: undefined };
  }
  return lines;
}

function parseStrictly(name: string, text: string, problems: string[]): void {
  try {
    hlsParser.setOptions({ strictMode: true });
    hlsParser.parse(text);
  } catch (err) {
    problems.push(`${name}: ${(err as Error).message}`);
  } finally {
    hlsParser.setOptions({ strictMode: false });
  }
}

function attribute(line: string, name: string): string | undefined {
  return new RegExp(`[:,]${name}=("([^"]*)"|[^,]*)`).exec(line)?.slice(1, 3).reverse().find((found) => found !== undefined);
}

async function textOf(url: string): Promise<string> {
  return new TextDecoder().decode(await bytesOf(url));
}

async function bytesOf(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

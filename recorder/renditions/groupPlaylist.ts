import type { RenditionGroup } from '../contract/index.ts';
import { renditionsIn } from './Manifest.ts';
import type { Manifest, ManifestRendition } from './Manifest.ts';
import { keyframeBitrates, keyframePlaylistName } from './renditionPlaylist.ts';

/** HLS Authoring Specification for Apple Devices §9.4: the variant that a player begins with has about this average bitrate. */
const firstVariantBps = 2_000_000;

/** Audio renditions of one codec: a variant names one of these groups. */
interface AudioGroup {
  /** The codec, as a group id. */
  id: string;
  codecString: string;
  renditions: ManifestRendition[];
  peakBps: number;
  averageBps: number;
}

/** The multivariant playlist of a group: every video rendition with every codec of audio. Undefined for a group without renditions. */
export function groupPlaylist(manifest: Manifest, group: RenditionGroup): string | undefined {
  const videos = inStartOrder(renditionsIn(manifest, group, 'video'));
  const audios = audioGroupsOf(renditionsIn(manifest, group, 'audio'));
  if (videos.length === 0 && audios.length === 0) return undefined;
  const variants = videos.length === 0 ? audios.map((audio) => audioVariant(audio)) : (audios.length === 0 ? [undefined] : audios).flatMap((audio) => videos.map((video) => videoVariant(video, audio)));
  return ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS', ...audios.flatMap(audioMedia), ...variants, ...videos.flatMap(keyframeVariant), ''].join('\n');
}

/** The one to begin with, then the others, the best last. */
function inStartOrder(videos: readonly ManifestRendition[]): ManifestRendition[] {
  const ascending = videos.toSorted((a, b) => a.averageBps - b.averageBps);
  const first = ascending.findLast(({ averageBps }) => averageBps <= firstVariantBps) ?? ascending[0];
  return first ? [first, ...ascending.filter((video) => video !== first)] : [];
}

/** AAC before others, because every player decodes it. */
function audioGroupsOf(audios: readonly ManifestRendition[]): AudioGroup[] {
  const codecs = [...new Set(audios.map(({ codecString }) => codecString))].toSorted((a, b) => Number(isAac(b)) - Number(isAac(a)));
  return codecs.map((codecString) => {
    const renditions = audios.filter((audio) => audio.codecString === codecString);
    const most = (field: 'peakBps' | 'averageBps') => Math.max(...renditions.map((audio) => audio[field]));
    return { id: `audio-${codecString.replaceAll('.', '-')}`, codecString, renditions, peakBps: most('peakBps'), averageBps: most('averageBps') };
  });
}

function isAac(codecString: string): boolean {
  return codecString.startsWith('mp4a.40');
}

function audioMedia({ id, renditions }: AudioGroup): string[] {
  return renditions.map((audio, index) => {
    const language = audio.language === null ? '' : `LANGUAGE="${audio.language}",`;
    return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="${id}",NAME="${nameOf(audio, index)}",${language}DEFAULT=${index === 0 ? 'YES' : 'NO'},AUTOSELECT=YES,CHANNELS="${audio.channelCount ?? 2}",URI="${audio.id}.m3u8"`;
  });
}

/** Unique in its group (RFC 8216bis §4.4.6.1). */
function nameOf({ language }: ManifestRendition, index: number): string {
  return language === null ? `Audio ${index + 1}` : `Audio ${index + 1} (${language})`;
}

function audioVariant({ id, codecString, renditions, peakBps, averageBps }: AudioGroup): string {
  return `#EXT-X-STREAM-INF:BANDWIDTH=${peakBps},AVERAGE-BANDWIDTH=${averageBps},CODECS="${codecString}",AUDIO="${id}"\n${renditions[0]?.id}.m3u8`;
}

function videoVariant(video: ManifestRendition, audio: AudioGroup | undefined): string {
  const attributes = [
    `BANDWIDTH=${video.peakBps + (audio?.peakBps ?? 0)}`,
    `AVERAGE-BANDWIDTH=${video.averageBps + (audio?.averageBps ?? 0)}`,
    `CODECS="${[video.codecString, ...(audio ? [audio.codecString] : [])].join(',')}"`,
    ...resolution(video),
    ...(video.frameRate === null ? [] : [`FRAME-RATE=${video.frameRate.toFixed(3)}`]),
    ...(audio ? [`AUDIO="${audio.id}"`] : []),
  ];
  return `#EXT-X-STREAM-INF:${attributes.join(',')}\n${video.id}.m3u8`;
}

/** EXT-X-I-FRAME-STREAM-INF, RFC 8216bis §4.4.6.3. */
function keyframeVariant(video: ManifestRendition): string[] {
  const bitrates = keyframeBitrates(video);
  if (!bitrates) return [];
  const attributes = [`BANDWIDTH=${bitrates.peakBps}`, `AVERAGE-BANDWIDTH=${bitrates.averageBps}`, `CODECS="${video.codecString}"`, ...resolution(video), `URI="${keyframePlaylistName(video)}"`];
  return [`#EXT-X-I-FRAME-STREAM-INF:${attributes.join(',')}`];
}

function resolution({ widthPx, heightPx }: ManifestRendition): string[] {
  return widthPx === null || heightPx === null ? [] : [`RESOLUTION=${widthPx}x${heightPx}`];
}

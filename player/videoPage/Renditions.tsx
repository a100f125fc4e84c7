import type { VideoView } from '#api/contract';
import { DataTable } from '../administration/DataTable.tsx';
import { formatBitrate, formatBytes, formatNumber, languageName } from '../text/format.ts';
import { text } from '../text/index.ts';

type Rendition = VideoView['renditions'][number];

/** All encodings of a video, the best first. */
export function Renditions({ renditions }: Pick<VideoView, 'renditions'>) {
  if (renditions.length === 0) return <p class="quiet">{text.videoPage.noRenditions}</p>;
  const t = text.videoPage.rendition;
  return (
    <DataTable<Rendition>
      label={text.videoPage.renditions}
      rows={[...renditions].sort(bestFirst)}
      keyOf={({ id }) => id}
      columns={[
        { key: 'quality', label: t.quality, isHead: true, cell: qualityOf },
        { key: 'kind', label: t.kind, cell: ({ kind, group }) => (kind === 'audio' ? text.videoPage.kinds.audio : text.videoPage.kinds[group]) },
        { key: 'codec', label: t.codec, cell: ({ codecString }) => <code>{codecString}</code> },
        { key: 'bitrate', label: t.bitrate, isNumber: true, cell: ({ averageBps }) => formatBitrate(averageBps) },
        { key: 'size', label: t.size, isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
      ]}
    />
  );
}

function qualityOf({ kind, heightPx, frameRate, channelCount, language }: Rendition): string {
  if (kind === 'video') return text.videoPage.quality(heightPx ?? 0, frameRate === null ? '' : formatNumber(frameRate, 2));
  const channels = text.videoPage.channels(channelCount ?? 2);
  return language === null ? channels : `${channels} · ${languageName(language)}`;
}

function bestFirst(one: Rendition, other: Rendition): number {
  return one.group.localeCompare(other.group) || other.kind.localeCompare(one.kind) || (other.heightPx ?? 0) - (one.heightPx ?? 0) || other.averageBps - one.averageBps;
}

import { Download } from 'lucide-preact';
import type { VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button, Menu } from '../design/index.ts';
import { text } from '../text/index.ts';

interface DownloadProps {
  video: Pick<VideoView, 'id' | 'renditions' | 'isDownloadable' | 'state' | 'deletedAt'>;
  /** Managers may download it always. */
  isManager?: boolean;
}

interface Wanted {
  /** The best of all when left out. */
  height?: number;
  view: 'main' | 'screen';
}

/** Downloads the video as MP4, in one of its qualities. Nothing for those who may not. */
export function DownloadButton({ video, isManager = false }: DownloadProps) {
  const start = useToastedAction(async (query: Wanted) => {
    const { url } = await api.createVideoFile({ params: { videoId: video.id }, query });
    // The file is an attachment: the page stays.
    location.assign(url);
  });
  if (video.state !== 'ready' || video.deletedAt !== null || !(video.isDownloadable || isManager)) return null;
  const choices = choicesOf(video.renditions);
  const label = (
    <>
      <Download aria-hidden="true" size={18} />
      {text.sharing.download}
    </>
  );
  if (choices.length < 2) {
    return (
      <Button isBusy={start.isBusy} onClick={() => start.run(choices[0] ?? { view: 'main' })}>
        {label}
      </Button>
    );
  }
  const items = choices.map((choice) => ({ key: `${choice.view} ${choice.height}`, label: nameOf(choice), onSelect: () => start.run(choice) }));
  return <Menu label={text.sharing.download} trigger={label} variant="secondary" items={items} />;
}

function choicesOf(renditions: VideoView['renditions']): Required<Wanted>[] {
  return (['main', 'screen'] as const).flatMap((view) => {
    const heights = renditions.filter(({ group, kind }) => group === view && kind === 'video').flatMap(({ heightPx }) => heightPx ?? []);
    return [...new Set(heights)].sort((a, b) => b - a).map((height) => ({ height, view }));
  });
}

function nameOf({ height, view }: Required<Wanted>): string {
  const quality = text.watch.qualityName(height);
  return view === 'screen' ? `${text.sharing.downloadScreen} ${quality}` : quality;
}

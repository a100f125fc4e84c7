import { Download } from 'lucide-preact';
import type { VideoView } from '#api/contract';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Button } from '../design/index.ts';
import { text } from '../text/index.ts';

/** Saves a video as a file. The browser downloads it from an address of its own, so that it goes on when the page is closed. */
export function DownloadButton({ video }: { video: Pick<VideoView, 'id'> }) {
  const download = useToastedAction(async () => {
    const { url } = await api.createVideoFile({ params: { videoId: video.id }, query: {} });
    location.assign(url);
  });
  return (
    <Button isBusy={download.isBusy} onClick={() => download.run()}>
      <Download aria-hidden="true" size={18} />
      {text.videoPage.download}
    </Button>
  );
}

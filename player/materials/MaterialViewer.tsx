import { Download } from 'lucide-preact';
import type { Material } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions, Loading } from '../design/index.ts';
import { text } from '../text/index.ts';
import { addressOf, downloadMaterial } from './openFile.ts';

/** Shows a PDF or a picture. The browser's own viewer shows the PDF, in a frame that may load nothing else. */
export function MaterialViewer({ material, onClose }: { material: Material; onClose: () => void }) {
  const { data: url, error, reload } = useLoaded(() => addressOf(material, false), [material.id]);
  const download = useToastedAction(() => downloadMaterial(material));
  const isPdf = material.file?.format === 'pdf';
  return (
    <Dialog title={material.title} onClose={onClose}>
      {isPdf && !navigator.pdfViewerEnabled ? (
        <p class="quiet">{text.materials.noViewer}</p>
      ) : error ? (
        <LoadFailure error={error} onRetry={reload} />
      ) : url === undefined ? (
        <Loading />
      ) : isPdf ? (
        <iframe class="material-frame" src={url} title={material.title} referrerpolicy="no-referrer" />
      ) : (
        <img class="material-picture" src={url} alt={material.title} />
      )}
      <DialogActions>
        <Button isBusy={download.isBusy} onClick={() => download.run()}>
          <Download aria-hidden="true" size={20} />
          {text.materials.download}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

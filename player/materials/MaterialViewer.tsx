import { Download } from 'lucide-preact';
import type { Material } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Dialog, DialogActions, Loading } from '../design/index.ts';
import { text } from '../text/index.ts';
import { addressOf, downloadMaterial } from './openFile.ts';

/** Shows a PDF or a picture, with its download below. */
export function MaterialViewer({ material, onClose }: { material: Material; onClose: () => void }) {
  const download = useToastedAction(() => downloadMaterial(material));
  const isPdf = material.file?.format === 'pdf';
  return (
    <Dialog title={material.title} onClose={onClose}>
      <div class={isPdf ? 'material-viewer material-viewer--pdf' : 'material-viewer'}>{isPdf ? <Pdf material={material} /> : <Picture material={material} />}</div>
      <DialogActions>
        <Button isBusy={download.isBusy} onClick={() => download.run()}>
          <Download aria-hidden="true" size={20} />
          {text.materials.download}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Picture({ material }: { material: Material }) {
  const { data: url, error, reload } = useLoaded(() => addressOf(material, false), [material.id]);
  if (url === undefined) return error ? <LoadFailure error={error} onRetry={reload} /> : <Loading />;
  return <img class="material-picture" src={url} alt={material.title} />;
}

/** The viewer of PDFs is loaded when one is opened: it has a megabyte. */
function Pdf({ material }: { material: Material }) {
  const { data: viewer, error, reload } = useLoaded(() => import('./pdf/PdfViewer.tsx'), []);
  if (!viewer) return error ? <LoadFailure error={error} onRetry={reload} /> : <Loading label={text.materials.pdf.opening} />;
  const { default: PdfViewer } = viewer;
  return <PdfViewer material={material} />;
}

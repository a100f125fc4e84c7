import { Ellipsis, ExternalLink, FileDown, FileImage, FileText } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { Material } from '#api/contract';
import { serverClock } from '../app/ServerClock.ts';
import { useToastedAction } from '../app/useAction.ts';
import { Badge, Menu } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { formatClock, formatDateTime, formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { MaterialViewer } from './MaterialViewer.tsx';
import { downloadMaterial } from './openFile.ts';

interface MaterialItemProps {
  material: Material;
  actions?: readonly MenuItem[];
  /** Jumps to the moment of the video beside which it is shown. */
  onMoment?: (seconds: number) => void;
}

/** One material: a click opens the link, shows the PDF or the picture, or downloads the file. */
export function MaterialItem({ material, actions = [], onMoment }: MaterialItemProps) {
  const { title, url, file } = material;
  const [isShown, setShown] = useState(false);
  const download = useToastedAction(() => downloadMaterial(material));
  const Icon = file ? fileIcons[file.format] : ExternalLink;
  const label = (
    <>
      <Icon aria-hidden="true" size={20} />
      <span dir="auto">{title}</span>
    </>
  );
  return (
    <li class="material">
      <div class="stack-tight grow">
        {url === null ? (
          <button type="button" class="material__open" disabled={download.isBusy} onClick={() => (file?.format === 'other' ? download.run() : setShown(true))}>
            {label}
          </button>
        ) : (
          <a class="material__open" href={url} target="_blank" rel="noopener noreferrer nofollow">
            {label}
          </a>
        )}
        <Facts material={material} onMoment={onMoment} />
      </div>
      {actions.length > 0 ? <Menu label={text.materials.menu(title)} isIconOnly trigger={<Ellipsis aria-hidden="true" />} items={actions} /> : null}
      {isShown ? <MaterialViewer material={material} onClose={() => setShown(false)} /> : null}
    </li>
  );
}

const fileIcons = { pdf: FileText, image: FileImage, other: FileDown } as const;

function Facts({ material: { url, file, atSeconds, visibleFrom }, onMoment }: Pick<MaterialItemProps, 'material'> & { onMoment: MaterialItemProps['onMoment'] | undefined }) {
  const isHidden = visibleFrom !== null && Date.parse(visibleFrom) > serverClock.nowMs();
  return (
    <div class="material__facts">
      {file ? <span>{text.materials.size(formatNumber(Math.max(0.1, file.bytes / 2 ** 20), 1))}</span> : <span dir="ltr">{url === null ? null : new URL(url).hostname}</span>}
      {isHidden ? <Badge>{text.materials.hiddenUntil(formatDateTime(visibleFrom))}</Badge> : null}
      {atSeconds !== null && onMoment ? (
        <button type="button" class="material__moment tabular" onClick={() => onMoment(atSeconds)}>
          {formatClock(atSeconds * 1000)}
        </button>
      ) : null}
    </div>
  );
}
